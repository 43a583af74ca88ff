package io.shelfmark;

import org.jspecify.annotations.Nullable;

/**
 * The root of every failure that Shelfmark reports on its own account.
 *
 * <p>Subclasses are sorted by what the caller can <em>do</em>, not by the layer that failed: call
 * again, repair the input, look elsewhere, fix the installation. They carry the facts of the
 * failure as typed accessors. A broken argument is not among them: that is a {@link
 * NullPointerException}, an {@link IllegalArgumentException} or an {@link IllegalStateException}.
 *
 * <p>Messages read «Cannot verb the thing: found, expected (what to do)». Instances are as
 * thread-safe as any {@link Throwable}.
 */
public abstract class ShelfmarkException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a failure that has no underlying exception.
   *
   * @param message what could not be done, to which thing, and what to do about it
   */
  protected ShelfmarkException(String message) {
    super(message);
  }

  /**
   * Reports a failure that another exception led to.
   *
   * @param message what could not be done, to which thing, and what to do about it
   * @param cause what led to it, or null where nothing did
   */
  protected ShelfmarkException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
