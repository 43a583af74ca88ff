package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers what clients ask of the server itself. */
final class InfoHandlers {

  /** The version of MLflow whose protocol is spoken. */
  static final String SPOKEN = "3.11.1";

  /** The version of what is answered beyond it: ids of runs from clients, curves, histories. */
  static final String EXTENSIONS = "1";

  private static void text(Exchange exchange, String text) throws IOException {
    exchange.response().setContentType("text/plain; charset=utf-8");
    exchange.response().getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Answer server(Exchange exchange) {
    return out -> {
      out.writeStringField("store_type", "SqlStore");
      out.writeBooleanField("workspaces_enabled", false);
      // by which this library's client knows what it may ask for beyond MLflow's protocol
      out.writeStringField("shelfmark", EXTENSIONS);
    };
  }

  /** The ways that end here. */
  List<Route> routes() {
    return List.of(
        Route.of("GET", "health", Guard.OPEN, exchange -> text(exchange, "OK")),
        Route.of("GET", "version", Guard.OPEN, exchange -> text(exchange, SPOKEN)),
        Route.of(
            "GET",
            "api/3.0/mlflow/server-info",
            Guard.ANY_USER,
            Handler.json(InfoHandlers::server)));
  }
}
