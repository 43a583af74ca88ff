package io.shelfmark.tracking.store;

import org.jspecify.annotations.Nullable;

/** What was named is not on record: look elsewhere. */
public final class RecordNotFoundException extends TrackingException {

  private static final long serialVersionUID = 1L;

  /** Reports it. */
  public RecordNotFoundException(String message) {
    super(message, null);
  }

  /** Reports it with what led to it. */
  public RecordNotFoundException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
