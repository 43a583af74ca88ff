package io.shelfmark.storage.fs;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Copies content into a new file that is durable afterwards, though its name is not. */
final class ContentCopy {

  private static final int BUFFER = 256 * 1024;

  private ContentCopy() {}

  static void write(BlobContent content, Path file) throws IOException {
    try (FileChannel channel = Scratch.create(file)) {
      long size = copy(content, channel);
      requireSize(content, size);
      channel.force(true);
    }
  }

  static void write(byte[] content, Path file) throws IOException {
    try (FileChannel channel = Scratch.create(file)) {
      writeAll(channel, ByteBuffer.wrap(content));
      channel.force(true);
    }
  }

  private static long copy(BlobContent content, FileChannel channel) throws IOException {
    byte[] buffer = new byte[(int) Math.min(BUFFER, content.size().orElse(BUFFER) + 1)];
    long size = 0;
    try (InputStream stream = open(content)) {
      for (int read; (read = read(stream, buffer, 0, buffer.length)) >= 0; size += read) {
        writeAll(channel, ByteBuffer.wrap(buffer, 0, read));
      }
    }
    return size;
  }

  static InputStream open(BlobContent content) {
    try {
      return content.open();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Reads; a failure of the source is told apart from one of the store's disk. */
  static int read(InputStream stream, byte[] buffer, int offset, int length) {
    try {
      return stream.read(buffer, offset, length);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  static void requireSize(BlobContent content, long size) {
    if (content.size().isPresent() && content.size().getAsLong() != size) {
      throw new ContentChangedException(
          "Cannot store content%s: found %d bytes, expected %d (let its writer finish, then add it again)"
              .formatted(
                  content.file().map(file -> " of " + file).orElse(""),
                  size,
                  content.size().getAsLong()));
    }
  }

  private static StorageException unreadable(IOException e) {
    return new StorageException(
        "Cannot read content to store: found %s, expected readable bytes (check the source)"
            .formatted(e),
        e);
  }
}
