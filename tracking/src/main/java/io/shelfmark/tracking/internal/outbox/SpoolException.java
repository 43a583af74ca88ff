package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.ShelfmarkException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A spool on disk, or a part of it, cannot be read. The file is kept, the writes of others go on:
 * look after the disk, and at the file by hand.
 */
public final class SpoolException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final long offset;

  SpoolException(String message, Path file, long offset, @Nullable Throwable cause) {
    super(message, cause);
    this.file = file;
    this.offset = offset;
  }

  static SpoolException damaged(Path file, long offset, long skipped, Path kept, String found) {
    return new SpoolException(
        "Cannot read spool %s at byte %d: found %s, expected a record (%d bytes are skipped and the records around them are sent; the file is kept as %s)"
            .formatted(file, offset, found, skipped, kept),
        file,
        offset,
        null);
  }

  static SpoolException version(Path file, String found) {
    return new SpoolException(
        "Cannot read spool %s: found version %s, expected %d (it is kept for a newer Shelfmark)"
            .formatted(file, found, RecordHeader.VERSION),
        file,
        0,
        null);
  }

  static SpoolException unreadable(Path file, Throwable cause) {
    return new SpoolException(
        "Cannot read the spool of %s: %s (it is kept; look at the disk and its permissions)"
            .formatted(file, cause),
        file,
        0,
        cause);
  }

  /** Which file. */
  public Path file() {
    return file;
  }

  /** Where in it, in bytes. */
  public long offset() {
    return offset;
  }
}
