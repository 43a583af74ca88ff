package io.shelfmark.inference.bulk;

import io.shelfmark.ShelfmarkException;
import org.jspecify.annotations.Nullable;

/**
 * Photos cannot be listed, or a file of results cannot be read, written or gone on with: the disk
 * is full, a line of it is damaged, another process writes to it. The message names the file, and
 * the line where there is one; the caller should mend what it names and start the run again, which
 * goes on with what is on record.
 */
public final class ResultsException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  /** An exception whose message says what was found, what was expected and what to do. */
  public ResultsException(String message) {
    super(message);
  }

  /** The same, with its cause. */
  public ResultsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
