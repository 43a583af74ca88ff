package io.shelfmark.inference.parquet;

import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.bulk.BulkOutcome;
import io.shelfmark.inference.bulk.ResultLines;
import io.shelfmark.inference.bulk.ResultsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
 * then.
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
   * @return how many tags
   * @throws ResultsException when {@code results} cannot be read or {@code parquet} not be written
   */
  public static long write(Path results, Path parquet) {
    try (Stream<BulkOutcome> outcomes = ResultLines.readLatest(results)) {
      return write(outcomes, parquet);
    }
  }

  /**
   * Writes the tags of outcomes, which stay the caller's to close.
   *
   * @return how many tags
   * @throws ResultsException when {@code parquet} cannot be written
   */
  public static long write(Stream<BulkOutcome> outcomes, Path parquet) {
    Path unfinished = parquet.resolveSibling(parquet.getFileName() + ".tmp");
    try {
      try {
        long tags = writeRows(outcomes.iterator(), unfinished);
        try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
          written.force(true);
        }
        Files.move(
            unfinished,
            parquet,
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
        return tags;
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new ResultsException(
          "Cannot write table %s: %s, expected a file that can be written (check the path and the room on the disk)"
              .formatted(parquet, e),
          e);
    }
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
