package io.shelfmark.storage;

import org.jspecify.annotations.Nullable;

/**
 * Content was not what it had been announced as: shorter, longer or modified while it was read. Let
 * the writer of the source finish, then add it again.
 */
public final class ContentChangedException extends StorageException {

  private static final long serialVersionUID = 1L;

  /** Reports it with a message. */
  public ContentChangedException(String message) {
    super(message);
  }

  /** Reports it with what led to it. */
  public ContentChangedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
