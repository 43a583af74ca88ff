package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.shelfmark.storage.StorageException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt logs: a file that appears with the first line. Of more than its limit the
 * beginning is kept, and the last lines. Thread-safe: it guards itself.
 */
final class StepLog implements AutoCloseable {

  private static final int TAIL = 64 << 10;

  /** Characters of a line of a secret that is masked by itself; shorter ones are too common. */
  private static final int SHORTEST_LINE = 8;

  private final Path file;
  private final long limit;

  /** Secrets as they are, and as they are in JSON. */
  private final List<String> secrets;

  /** What is masked: those, and the lines of secrets that have many, such as keys. */
  private final List<String> masked;

  private final Deque<byte[]> tail = new ArrayDeque<>();
  private @Nullable OutputStream stream;
  private boolean closed;
  private long written;
  private long tailLength;
  private long dropped;

  StepLog(Path file, long limit, Collection<String> secrets) {
    this.file = file;
    this.limit = limit;
    this.secrets = secrets.stream().flatMap(StepLog::forms).distinct().toList();
    // the longest first: one may be a part of another
    this.masked =
        secrets.stream()
            .flatMap(secret -> Stream.concat(forms(secret), lines(secret)))
            .distinct()
            .sorted(Comparator.comparing(String::length).reversed())
            .toList();
  }

  private static Stream<String> forms(String secret) {
    return secret.isEmpty()
        ? Stream.empty()
        : Stream.of(secret, new String(JsonStringEncoder.getInstance().quoteAsString(secret)));
  }

  /** What is logged is logged line by line. */
  private static Stream<String> lines(String secret) {
    return secret.lines().map(String::strip).filter(line -> line.length() >= SHORTEST_LINE);
  }

  /** Where a step's attempt logs. */
  static Path file(Path runFolder, String step, int attempt) {
    return runFolder.resolve("logs").resolve(name(step, attempt));
  }

  /** A file name of an attempt's. */
  static String name(String step, int attempt) {
    return step.replace('/', '+') + "." + attempt;
  }

  /** What a step's attempts logged. */
  static String read(Path runFolder, String step, int attempts) {
    StringBuilder text = new StringBuilder();
    for (int attempt = 1; attempt <= attempts; attempt++) {
      Path file = file(runFolder, step, attempt);
      try {
        if (Files.exists(file)) {
          text.append(Files.readString(file));
        }
      } catch (IOException e) {
        throw new StorageException(
            "Cannot read log %s: found %s, expected text (check the disk)".formatted(file, e), e);
      }
    }
    return text.toString();
  }

  /** How long the longest secret is. */
  int longestSecret() {
    return masked.isEmpty() ? 0 : masked.get(0).length();
  }

  String mask(String text) {
    String shown = text;
    for (String secret : masked) {
      shown = shown.replace(secret, "***");
    }
    return shown;
  }

  /** Whether a text, or JSON, has a whole secret in it. */
  boolean showsSecret(String text) {
    return secrets.stream().anyMatch(text::contains);
  }

  synchronized void line(String text) {
    if (closed) {
      return;
    }
    byte[] bytes = (mask(text) + "\n").getBytes(UTF_8);
    if (dropped == 0 && tail.isEmpty() && written + bytes.length <= limit) {
      write(bytes);
      return;
    }
    tail.add(bytes);
    tailLength += bytes.length;
    while (tailLength > TAIL && tail.size() > 1) {
      int length = tail.remove().length;
      tailLength -= length;
      dropped += length;
    }
  }

  private void write(byte[] bytes) {
    try {
      if (stream == null) {
        Files.createDirectories(file.getParent());
        // not a channel, which an interrupt would close
        stream = new FileOutputStream(file.toFile());
      }
      stream.write(bytes);
      written += bytes.length;
    } catch (IOException e) {
      throw new StorageException(
          "Cannot write log %s: found %s, expected room for it (check the disk)".formatted(file, e),
          e);
    }
  }

  /** Where the lines go. */
  Path file() {
    return file;
  }

  @Override
  public void close() {
    end();
  }

  /** Closes it; true the first time, if anything was logged. */
  synchronized boolean end() {
    if (closed) {
      return false;
    }
    closed = true;
    if (dropped > 0) {
      write("… %d bytes are left out …%n".formatted(dropped).getBytes(UTF_8));
    }
    tail.forEach(this::write);
    try {
      if (stream != null) {
        stream.close();
      }
      return stream != null;
    } catch (IOException e) {
      throw new StorageException(
          "Cannot close log %s: found %s, expected room for it (check the disk)".formatted(file, e),
          e);
    }
  }
}
