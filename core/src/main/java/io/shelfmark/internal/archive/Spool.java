package io.shelfmark.internal.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** One file that streams are copied to, one after another, to be read again. For one thread. */
final class Spool implements AutoCloseable {

  private static final int BUFFER = 64 * 1024;

  private final Path file;
  private final byte[] buffer = new byte[BUFFER];

  private Spool(Path file) {
    this.file = file;
  }

  static Spool in(Path home) throws IOException {
    Path folder = Files.createDirectories(home.resolve("spool"));
    return new Spool(Files.createTempFile(folder, "import-", ".part"));
  }

  /** Copies so many bytes of a stream; the file is the same each time. */
  Path copy(InputStream stream, long size) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      long left = size;
      while (left > 0) {
        int count = stream.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (count < 0) {
          throw new EOFException("found the end " + left + " bytes early");
        }
        out.write(buffer, 0, count);
        left -= count;
      }
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
