package io.shelfmark.inference.evaluation;

import io.shelfmark.ShelfmarkException;

/**
 * A labels file cannot be used: it is missing, or one of its lines is not what the format says. The
 * message names the file and the line; the caller should mend the file.
 */
public final class LabelsException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  LabelsException(String message) {
    super(message);
  }

  LabelsException(String message, Throwable cause) {
    super(message, cause);
  }
}
