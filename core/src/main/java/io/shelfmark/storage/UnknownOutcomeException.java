package io.shelfmark.storage;

import org.jspecify.annotations.Nullable;

/**
 * A write whose reply was lost: it may have happened or not. Look at the store before writing
 * again, and clean nothing up.
 */
public final class UnknownOutcomeException extends StorageException {

  private static final long serialVersionUID = 1L;

  /** Reports it with a message. */
  public UnknownOutcomeException(String message) {
    super(message);
  }

  /** Reports it with what led to it. */
  public UnknownOutcomeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
