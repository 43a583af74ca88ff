package io.shelfmark.inference.bulk;

import io.shelfmark.inference.bulk.OutcomeParser.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Files of results, one line of JSON a photo, as docs/bulk.md describes them: for whoever reads
 * what {@link BulkRecognition} wrote. Thread-safe; each stream is for one thread.
 */
public final class ResultLines {

  private ResultLines() {}

  /** An outcome as the line that a run writes, without its line feed. */
  public static String line(BulkOutcome outcome) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      OutcomeJson.write(outcome, line);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory takes everything
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /**
   * The outcomes in a file, in its order, one in memory at a time.
   *
   * <p>A run may be writing to the file: the lines that are there are read, and a torn one at the
   * end is left out. Until that run is complete a photo may have two lines, of which the later one
   * counts. Numbers are as the file has them: corners to a hundredth of a pixel, confidences to
   * four digits.
   *
   * @return outcomes, which the caller closes; reading on throws {@link ResultsException} when a
   *     line is damaged
   * @throws ResultsException when the file is missing
   */
  public static Stream<BulkOutcome> read(Path file) {
    return read(file, open(file), lines -> true);
  }

  /**
   * The same with one outcome a photo: where it has two lines the later one. The file is read
   * twice, and 36 to 72 bytes are kept for each photo; lines that come meanwhile are left out.
   *
   * @throws ResultsException when the file is missing or a line is damaged
   */
  public static Stream<BulkOutcome> readLatest(Path file) {
    Object key = key(file);
    InputStream second = open(file);
    boolean isUsed = false;
    try (InputStream first = open(file)) {
      // a run may have put another file in this one's place, in which lines lie elsewhere
      if (!Objects.equals(key, key(file))) {
        return readLatest(file);
      }
      LineIndex last = new LineIndex();
      LineScanner lines = new LineScanner(first);
      while (lines.next()) {
        last.put(name(file, lines), lines.place());
      }
      requireTorn(file, lines);
      isUsed = true;
      return read(file, second, line -> last.get(name(file, line)) == line.place());
    } catch (IOException e) {
      throw unreadable(file, e);
    } finally {
      if (!isUsed) {
        close(file, second);
      }
    }
  }

  /** What tells one file from another in the same place; null where the system does not tell. */
  private static @Nullable Object key(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      // told by whoever opens it
      return null;
    }
  }

  private static Stream<BulkOutcome> read(
      Path file, InputStream in, Predicate<LineScanner> wanted) {
    return StreamSupport.stream(new Outcomes(file, in, wanted), false)
        .onClose(() -> close(file, in));
  }

  private static String name(Path file, LineScanner lines) {
    return header(file, lines).file();
  }

  /** The head of a line, or why the file cannot be used. */
  static Header header(Path file, LineScanner line) {
    try {
      return OutcomeParser.header(line.bytes(), line.start(), line.end());
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(file, line.number(), e);
    }
  }

  /** Refuses a file whose end no run has left: it is another one's, or was cut by hand. */
  static void requireTorn(Path file, LineScanner lines) {
    if (!lines.isTorn(OutcomeJson.BEGINNING)) {
      throw damaged(
          file,
          lines.number() + 1,
          new IllegalArgumentException(
              "found text without a line feed at the end, expected a line of results"));
    }
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      throw new ResultsException(
          "Cannot read results %s: found no such file, expected JSON lines (check the path)"
              .formatted(file),
          e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** What is said of a line that is no outcome. */
  private static ResultsException damaged(Path file, long number, Exception cause) {
    return new ResultsException(
        "Cannot read results %s line %d: %s (name another file, or mend or remove the line: the next run reads its photo again)"
            .formatted(file, number, firstLine(cause)),
        cause);
  }

  private static String firstLine(Exception cause) {
    String message = String.valueOf(cause.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  private static ResultsException unreadable(Path file, IOException cause) {
    return new ResultsException(
        "Cannot read results %s: %s, expected JSON lines in UTF-8".formatted(file, cause), cause);
  }

  private static void close(Path file, InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static final class Outcomes extends AbstractSpliterator<BulkOutcome> {
    private final Path file;
    private final LineScanner lines;
    private final Predicate<LineScanner> wanted;

    Outcomes(Path file, InputStream in, Predicate<LineScanner> wanted) {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
      this.file = file;
      this.lines = new LineScanner(in);
      this.wanted = wanted;
    }

    @Override
    public boolean tryAdvance(Consumer<? super BulkOutcome> action) {
      try {
        do {
          if (!lines.next()) {
            requireTorn(file, lines);
            return false;
          }
        } while (!wanted.test(lines));
      } catch (IOException e) {
        throw unreadable(file, e);
      }
      BulkOutcome outcome;
      try {
        outcome = OutcomeParser.outcome(lines.bytes(), lines.start(), lines.end());
      } catch (IOException | IllegalArgumentException | ArithmeticException e) {
        throw damaged(file, lines.number(), e);
      }
      action.accept(outcome);
      return true;
    }
  }
}
