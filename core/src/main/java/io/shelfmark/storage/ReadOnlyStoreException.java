package io.shelfmark.storage;

import org.jspecify.annotations.Nullable;

/** A write to a store that can only be read. Grant access, or open another store. */
public final class ReadOnlyStoreException extends StorageException {

  private static final long serialVersionUID = 1L;

  /** Reports it with a message. */
  public ReadOnlyStoreException(String message) {
    super(message);
  }

  /** Reports it with what led to it. */
  public ReadOnlyStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
