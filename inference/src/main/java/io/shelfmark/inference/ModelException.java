package io.shelfmark.inference;

import io.shelfmark.ShelfmarkException;

/**
 * A model or the engine that runs it cannot be used: a file that is missing or is no model, one
 * whose inputs and outputs are not those of the documented contract, or a native library that does
 * not load. The caller should look at the set-up, not at the photo.
 */
public final class ModelException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  /** An exception whose message says what was found, what was expected and what to do. */
  public ModelException(String message) {
    super(message);
  }

  /** The same, with its cause. */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
