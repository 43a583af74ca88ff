package io.shelfmark.inference.parquet;

import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.bulk.BulkOutcome;
import io.shelfmark.inference.bulk.ResultLines;
import io.shelfmark.inference.bulk.ResultsException;
import io.shelfmark.internal.FileReplacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;

/**
 * Results as a table of tags in Parquet: one row a tag, typed columns, Zstandard. Photos that
 * failed and photos without tags have no rows.
 *
 * <p>Rows are written in groups of about 16 MB in memory, so memory does not grow with their
 * number. The file appears whole under its name or not at all; one that is there before is replaced
 * then, and its permissions stay. A process that is killed leaves {@code NAME.DIGITS.tmp}.
 *
 * <p>Thread-safe: of two calls for one file the later one's end counts.
 */
public final class ParquetTags {

  private static final long GROUP_BYTES = 16L << 20;
  private static final int PAGE_BYTES = 1 << 20;

  /** The version of the columns, in the file's notes. */
  private static final Map<String, String> NOTES = Map.of("io.shelfmark.tags", "1");

  private ParquetTags() {}

  /**
   * Writes the tags of a file of results, of each photo those of its last line.
   *
   * @param results a file of results, to which a run may be writing
   * @param parquet the table; folders on the way to it are made
   * @return how many tags
   * @throws IllegalArgumentException when both are one file
   * @throws ResultsException when {@code results} cannot be read or {@code parquet} not be written
   */
  public static long write(Path results, Path parquet) {
    requireTwo(results, parquet);
    try (Stream<BulkOutcome> outcomes = ResultLines.readLatest(results)) {
      return write(outcomes, parquet);
    }
  }

  /**
   * Writes the tags of outcomes, which stay the caller's to close.
   *
   * @param parquet the table; folders on the way to it are made
   * @return how many tags
   * @throws ResultsException when {@code parquet} cannot be written
   */
  public static long write(Stream<BulkOutcome> outcomes, Path parquet) {
    try {
      // by a link it is written as by its own name, and the link stays one
      Path file = Files.exists(parquet) ? parquet.toRealPath() : parquet.toAbsolutePath();
      Files.createDirectories(file.resolveSibling(""));
      // a name of its own: two processes that write to one file would leave neither's table
      String suffix = ".%08x.tmp".formatted(ThreadLocalRandom.current().nextInt());
      try (FileReplacement table =
          FileReplacement.of(file, file.resolveSibling(file.getFileName() + suffix))) {
        long tags = writeRows(outcomes.iterator(), table.unfinished());
        table.takePlace();
        return tags;
      }
    } catch (IOException e) {
      throw new ResultsException(
          "Cannot write table %s: %s, expected a file that can be written (check the path and the room on the disk)"
              .formatted(parquet, e),
          e);
    }
  }

  /** A table in the place of the results that it is made of would be their end. */
  private static void requireTwo(Path results, Path parquet) {
    try {
      if (!Files.exists(parquet) || !Files.isSameFile(results, parquet)) {
        return;
      }
    } catch (IOException e) {
      // told below, by whoever opens them
      return;
    }
    throw new IllegalArgumentException(
        "Cannot write table %s: found the file of results itself, expected another (name another file)"
            .formatted(parquet));
  }

  private static long writeRows(Iterator<BulkOutcome> outcomes, Path file) throws IOException {
    long rows = 0;
    ZstdPages pages = new ZstdPages();
    try (ParquetWriter<TagRow> writer =
        new TagWriteSupport.Builder(new LocalOutputFile(file), NOTES)
            .withConf(new PlainParquetConfiguration())
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withCodecFactory(pages)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(GROUP_BYTES)
            .withPageSize(PAGE_BYTES)
            .build()) {
      while (outcomes.hasNext()) {
        BulkOutcome outcome = outcomes.next();
        if (outcome.reading().isPresent()) {
          ShelfReading reading = outcome.reading().get();
          List<PriceTag> tags = reading.tags();
          for (int i = 0; i < tags.size(); i++) {
            writer.write(new TagRow(outcome, reading, i, tags.get(i)));
          }
          rows += tags.size();
        }
      }
    }
    return rows;
  }
}
