package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.store.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * Content of a stream that can be sent several times and whose length is known, as servers need it:
 * in memory up to 1 MiB, above in a temporary file. Thread-safe after it was made; who made it
 * closes it, which removes the file.
 */
final class UploadSource implements AutoCloseable {

  private static final int IN_MEMORY = 1 << 20;
  private static final MediaType BYTES = MediaType.get("application/octet-stream");

  private final byte[] head;
  private final @Nullable Path file;
  private final long length;

  private UploadSource(byte[] head, @Nullable Path file, long length) {
    this.head = head;
    this.file = file;
    this.length = length;
  }

  /** Reads a stream to its end. */
  static UploadSource of(String what, InputStream content) {
    byte[] head = read(content);
    if (head.length < IN_MEMORY) {
      return new UploadSource(head, null, head.length);
    }
    try {
      Path file = Files.createTempFile("shelfmark-upload", null);
      try (OutputStream out = Files.newOutputStream(file)) {
        out.write(head);
        long rest = transfer(content, out);
        return new UploadSource(new byte[0], file, head.length + rest);
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(file);
        throw e;
      }
    } catch (IOException e) {
      throw new StoreUnavailableException(
          "Cannot %s: found no room for a temporary copy: %s".formatted(what, e.getMessage()), e);
    }
  }

  private static byte[] read(InputStream content) {
    try {
      return content.readNBytes(IN_MEMORY);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the caller's stream failed, not the store
    }
  }

  private static long transfer(InputStream content, OutputStream out) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    while (true) {
      int count;
      try {
        count = content.read(buffer);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (count < 0) {
        return total;
      }
      out.write(buffer, 0, count);
      total += count;
    }
  }

  long length() {
    return length;
  }

  /** All of it. */
  RequestBody body() {
    return part(0, length);
  }

  /** A part of it. */
  RequestBody part(long offset, long size) {
    return new Part(offset, size);
  }

  final class Part extends RequestBody {

    private final long offset;
    private final long size;

    Part(long offset, long size) {
      this.offset = offset;
      this.size = size;
    }

    @Override
    public MediaType contentType() {
      return BYTES;
    }

    @Override
    public long contentLength() {
      return size;
    }

    @Override
    public boolean isOneShot() {
      return true; // sent again by Requests, never by the HTTP client on its own
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      if (file == null) {
        sink.write(head, (int) offset, (int) size);
        return;
      }
      try (InputStream in = Files.newInputStream(file)) {
        in.skipNBytes(offset);
        Source source = Okio.source(in);
        sink.write(source, size);
      }
    }
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // a leftover in the temporary folder, as that of a killed process
      }
    }
  }
}
