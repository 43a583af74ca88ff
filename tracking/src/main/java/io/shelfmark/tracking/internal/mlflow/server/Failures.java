package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.ErrorCode;
import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.RecordExistsException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.StoreUnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns failures into answers. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  static void answer(
      RuntimeException failure, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (failure instanceof HttpRefusal refusal) {
      refusal.headers().forEach(response::setHeader);
      Exchange.refuse(response, refusal.status(), refusal.code(), refusal.getMessage());
      return;
    }
    ErrorCode code = code(failure);
    String message = failure.getMessage();
    if (code == ErrorCode.INTERNAL_ERROR) {
      // what went wrong inside is for the server's log and not for whoever asked
      String id = UUID.randomUUID().toString();
      LOG.error("Failure {} of {} {}", id, request.getMethod(), request.getRequestURI(), failure);
      message = "Cannot answer: an internal failure, which the server's log has as " + id;
    } else if (code == ErrorCode.TEMPORARILY_UNAVAILABLE) {
      LOG.warn("Store away for {} {}", request.getMethod(), request.getRequestURI(), failure);
      response.setHeader("Retry-After", "1");
    }
    Exchange.refuse(response, code.status(), code, message);
  }

  private static ErrorCode code(RuntimeException failure) {
    if (failure instanceof RecordNotFoundException) {
      return ErrorCode.RESOURCE_DOES_NOT_EXIST;
    }
    if (failure instanceof RecordExistsException) {
      return ErrorCode.RESOURCE_ALREADY_EXISTS;
    }
    if (failure instanceof InvalidRequestException) {
      return ErrorCode.INVALID_PARAMETER_VALUE;
    }
    if (failure instanceof AccessDeniedException) {
      return ErrorCode.PERMISSION_DENIED;
    }
    return failure instanceof StoreUnavailableException
        ? ErrorCode.TEMPORARILY_UNAVAILABLE
        : ErrorCode.INTERNAL_ERROR;
  }
}
