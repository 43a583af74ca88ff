package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.store.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * What answered is not the MLflow server that was meant, or one that lacks the endpoint. Apart from
 * other invalid requests, since writes in a queue are not at fault: they wait until the address is
 * put right.
 */
final class UnexpectedServerException extends InvalidRequestException {

  private static final long serialVersionUID = 1L;

  UnexpectedServerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
