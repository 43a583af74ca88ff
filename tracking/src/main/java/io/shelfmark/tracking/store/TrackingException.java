package io.shelfmark.tracking.store;

import io.shelfmark.ShelfmarkException;
import org.jspecify.annotations.Nullable;

/** What a {@link TrackingStore} reports; the subclasses say what the caller can do. */
public abstract class TrackingException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  TrackingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
