package io.shelfmark.tracking.store;

import org.jspecify.annotations.Nullable;

/** The request cannot be met as it stands: change it. */
public class InvalidRequestException extends TrackingException {

  private static final long serialVersionUID = 1L;

  /** Reports it. */
  public InvalidRequestException(String message) {
    super(message, null);
  }

  /** Reports it with what led to it. */
  public InvalidRequestException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
