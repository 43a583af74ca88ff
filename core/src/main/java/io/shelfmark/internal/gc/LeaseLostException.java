package io.shelfmark.internal.gc;

import io.shelfmark.storage.StorageException;

/** A lease ran out under its writer; the work is begun anew with another lease. */
final class LeaseLostException extends StorageException {

  private static final long serialVersionUID = 1L;

  LeaseLostException(String message) {
    super(message);
  }
}
