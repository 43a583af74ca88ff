package io.shelfmark.inference.parquet;

import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * A program that writes a table of so many photos, about 5 tags each: on a class path without
 * Hadoop, or with little memory.
 */
final class TableProcess {

  private TableProcess() {}

  public static void main(String[] arguments) {
    int photos = Integer.parseInt(arguments[1]);
    long tags =
        ParquetTags.write(IntStream.range(0, photos).mapToObj(Outcomes::of), Path.of(arguments[0]));
    System.out.println(tags + " tags");
  }
}
