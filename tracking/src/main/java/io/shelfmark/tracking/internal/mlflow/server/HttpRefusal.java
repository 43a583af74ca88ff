package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.ShelfmarkException;
import io.shelfmark.tracking.internal.mlflow.wire.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request that is refused for what HTTP says of it; becomes an answer and never leaves. */
final class HttpRefusal extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final ErrorCode code;
  private final LinkedHashMap<String, String> headers = new LinkedHashMap<>();

  HttpRefusal(ErrorCode code, String message) {
    this(code.status(), code, message);
  }

  /** With a status that has no code of its own in MLflow's protocol. */
  HttpRefusal(int status, ErrorCode code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Adds a header to the answer. */
  HttpRefusal with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  int status() {
    return status;
  }

  ErrorCode code() {
    return code;
  }

  Map<String, String> headers() {
    return headers;
  }
}
