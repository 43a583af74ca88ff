package io.shelfmark.storage;

import io.shelfmark.ShelfmarkException;
import org.jspecify.annotations.Nullable;

/**
 * A store could not do what it was asked: the disk is full, a permission is lacking, the network
 * failed. The state is as before; calling again may help once the cause is gone.
 */
public class StorageException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  /** Reports it with a message. */
  public StorageException(String message) {
    super(message);
  }

  /** Reports it with what led to it. */
  public StorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
