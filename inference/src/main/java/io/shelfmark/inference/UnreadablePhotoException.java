package io.shelfmark.inference;

import io.shelfmark.ShelfmarkException;

/**
 * The photo cannot be read as a picture: it is not one, is cut short, is too large, or its file is
 * not there. Another try with the same bytes fails the same way; the caller should take another
 * photo. Other photos of the same call are unharmed.
 */
public final class UnreadablePhotoException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  /** An exception whose message says what was found, what was expected and what to do. */
  public UnreadablePhotoException(String message) {
    super(message);
  }

  /** The same, with its cause. */
  public UnreadablePhotoException(String message, Throwable cause) {
    super(message, cause);
  }
}
