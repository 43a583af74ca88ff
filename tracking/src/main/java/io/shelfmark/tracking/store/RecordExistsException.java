package io.shelfmark.tracking.store;

import org.jspecify.annotations.Nullable;

/** There is one of that name already: choose another, or use that one. */
public final class RecordExistsException extends TrackingException {

  private static final long serialVersionUID = 1L;

  /** Reports it. */
  public RecordExistsException(String message) {
    super(message, null);
  }

  /** Reports it with what led to it. */
  public RecordExistsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
