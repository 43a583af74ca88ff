package io.shelfmark.tracking.store;

import org.jspecify.annotations.Nullable;

/**
 * The store knows the caller and refuses, or does not know the caller: check the token or grants.
 */
public final class AccessDeniedException extends TrackingException {

  private static final long serialVersionUID = 1L;

  /** Reports it. */
  public AccessDeniedException(String message) {
    super(message, null);
  }

  /** Reports it with what led to it. */
  public AccessDeniedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
