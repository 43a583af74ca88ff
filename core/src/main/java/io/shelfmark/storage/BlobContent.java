package io.shelfmark.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Bytes on their way into a {@link BlobStore}. They can be opened more than once and give the same
 * bytes each time, so that a store may hash before it writes, and may send again.
 *
 * <p>A stream that can be read only once is copied to a file first. Immutable; as thread-safe as
 * what it reads from.
 */
public final class BlobContent {

  /** Opens a stream; the caller closes it. */
  @FunctionalInterface
  public interface Opener {
    /** A new stream at the beginning of the content. */
    InputStream open() throws IOException;
  }

  private final Opener opener;
  private final OptionalLong size;
  private final Optional<Path> file;

  private BlobContent(Opener opener, OptionalLong size, Optional<Path> file) {
    this.opener = Objects.requireNonNull(opener, "opener");
    this.size = size;
    this.file = file;
  }

  /** These bytes; the array is not copied and must not change. */
  public static BlobContent of(byte[] bytes) {
    return new BlobContent(
        () -> new ByteArrayInputStream(bytes), OptionalLong.of(bytes.length), Optional.empty());
  }

  /**
   * A file as long as it is now.
   *
   * @throws IOException when its length cannot be read
   */
  public static BlobContent of(Path file) throws IOException {
    return of(file, Files.size(file));
  }

  /** A file whose length is known, in bytes. */
  public static BlobContent of(Path file, long size) {
    return new BlobContent(
        () -> Files.newInputStream(file), OptionalLong.of(size), Optional.of(file));
  }

  /** Streams of a known length in bytes. */
  public static BlobContent of(long size, Opener opener) {
    return new BlobContent(opener, OptionalLong.of(size), Optional.empty());
  }

  /** Streams whose length is found out by reading. */
  public static BlobContent of(Opener opener) {
    return new BlobContent(opener, OptionalLong.empty(), Optional.empty());
  }

  /** A new stream at the beginning; the caller closes it. */
  public InputStream open() throws IOException {
    return opener.open();
  }

  /** The length in bytes, where it is known beforehand. */
  public OptionalLong size() {
    return size;
  }

  /** The file that holds exactly this content, where one does. */
  public Optional<Path> file() {
    return file;
  }
}
