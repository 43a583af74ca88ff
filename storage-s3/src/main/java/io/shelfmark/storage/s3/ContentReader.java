package io.shelfmark.storage.s3;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Content read block by block, and known to be as long as it said before its last block is handed
 * out. Not thread-safe; who opened it closes it.
 */
final class ContentReader implements AutoCloseable {

  private static final int FIRST = 64 * 1024;
  private static final int BUFFER = 256 * 1024;

  private final BlobContent content;
  private final InputStream stream;
  private int ahead;
  private long count;

  private ContentReader(BlobContent content, InputStream stream) throws IOException {
    this.content = content;
    this.stream = stream;
    this.ahead = stream.read();
  }

  static ContentReader open(BlobContent content) {
    try {
      InputStream stream = content.open();
      try {
        return new ContentReader(content, stream);
      } catch (IOException | RuntimeException e) {
        stream.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Whether everything has been read, and was as long as it said. */
  boolean isAtEnd() {
    return ahead < 0;
  }

  /** How many bytes have been read. */
  long count() {
    return count;
  }

  /** The next bytes: as many as asked for, or fewer at the end. */
  Block read(int length) {
    int first = content.size().isPresent() ? length : Math.min(length, FIRST);
    return read(length, new byte[(int) Math.max(1, Math.min(first, left()))]);
  }

  /** The next bytes of content that is known to go on; the array comes from the budget. */
  Block read(int length, PartBudget budget) {
    return read(length, budget.array((int) Math.max(1, Math.min(length, left()))));
  }

  private long left() {
    return content.size().orElse(Long.MAX_VALUE) - count;
  }

  private Block read(int length, byte[] array) {
    long left = left();
    byte[] buffer = array;
    int filled = 0;
    try {
      while (ahead >= 0 && filled < length && filled < left) {
        if (filled == buffer.length) {
          buffer = Arrays.copyOf(buffer, (int) Math.min(length, 4L * buffer.length));
        }
        buffer[filled++] = (byte) ahead;
        int limit = (int) Math.min(buffer.length, left);
        int read = stream.readNBytes(buffer, filled, limit - filled);
        filled += read;
        ahead = stream.read();
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    count += filled;
    requireSize();
    return new Block(buffer, filled);
  }

  /** Reads the rest into a calculation. */
  void readRest(MessageDigest calculation) {
    byte[] buffer = new byte[BUFFER];
    try {
      while (ahead >= 0) {
        buffer[0] = (byte) ahead;
        int read = 1 + stream.readNBytes(buffer, 1, buffer.length - 1);
        calculation.update(buffer, 0, read);
        count += read;
        ahead = stream.read();
        if (ahead >= 0) {
          requireSize();
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    requireSize();
  }

  private void requireSize() {
    if (content.size().isEmpty()) {
      return;
    }
    long said = content.size().getAsLong();
    if (isAtEnd() ? count != said : count >= said) {
      throw new ContentChangedException(
          "Cannot store content%s: found %s bytes, expected %d (let its writer finish, then add it again)"
              .formatted(
                  content.file().map(file -> " of " + file).orElse(""),
                  isAtEnd() ? Long.toString(count) : "more than " + said,
                  said));
    }
  }

  static StorageException unreadable(IOException e) {
    return new StorageException(
        "Cannot read content to store: found %s, expected readable bytes (check the source)"
            .formatted(e),
        e);
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
