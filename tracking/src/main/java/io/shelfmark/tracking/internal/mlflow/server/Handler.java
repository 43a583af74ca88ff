package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import java.io.IOException;

/** Answers a request. */
@FunctionalInterface
interface Handler {

  /** One that answers with JSON. */
  @FunctionalInterface
  interface Json {

    /** Does what is asked and says what to answer. */
    Answer handle(Exchange exchange) throws IOException;
  }

  /** Answers it. */
  void handle(Exchange exchange) throws IOException;

  /** Answers with what it gives. */
  static Handler json(Json handler) {
    return exchange -> exchange.answer(handler.handle(exchange));
  }
}
