package io.shelfmark.internal.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A line for each event at the end of a file, which is opened each time: it may be moved away at
 * any time, and a new one begins. Several processes may write to one file.
 */
public final class FileSink implements EventSink {

  private final Path file;

  private FileSink(Path file) {
    this.file = file;
  }

  /** The sink of a file, which need not be there yet. */
  public static FileSink of(Path file) {
    return new FileSink(file.toAbsolutePath());
  }

  @Override
  public synchronized void accept(String event) {
    try {
      Files.createDirectories(file.getParent());
      // a full disk, or a killed process, may have left half a line
      byte[] line = ((endsInMidLine() ? "\n" : "") + event + "\n").getBytes(UTF_8);
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        ByteBuffer bytes = ByteBuffer.wrap(line);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (IOException e) {
      throw new StorageException(
          "Cannot write an event of lineage to %s: found %s, expected room for it (check the disk)"
              .formatted(file, e),
          e);
    }
  }

  private boolean endsInMidLine() throws IOException {
    if (Files.notExists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return channel.size() > 0
          && channel.read(last, channel.size() - 1) == 1
          && last.get(0) != '\n';
    }
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return file.toString();
  }
}
