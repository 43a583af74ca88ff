package io.shelfmark.tracking.store;

import org.jspecify.annotations.Nullable;

/**
 * The store is away or too busy: calling again later may help. What was being written may have been
 * written; every write may be made again.
 */
public final class StoreUnavailableException extends TrackingException {

  private static final long serialVersionUID = 1L;

  /** Reports it. */
  public StoreUnavailableException(String message) {
    super(message, null);
  }

  /** Reports it with what led to it. */
  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
