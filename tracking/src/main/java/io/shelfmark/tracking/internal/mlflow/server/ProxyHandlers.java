package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Passes artifacts through to the store: MLflow's clients send and fetch those of locations {@code
 * mlflow-artifacts:/…} here. Files stream, so their size does not matter.
 */
final class ProxyHandlers {

  private final TrackingStore store;
  private final Guards guards;

  ProxyHandlers(TrackingStore store, Guards guards) {
    this.store = store;
    this.guards = guards;
  }

  /** All files that have such a location. */
  private FileStore files() {
    return store.files(ArtifactPaths.PROXIED);
  }

  void upload(Exchange exchange) throws IOException {
    String path = ArtifactPaths.requireInside(exchange.rest());
    long limit = exchange.limits().upload();
    if (exchange.request().getContentLengthLong() > limit) {
      throw CappedStream.tooLong(limit);
    }
    try (InputStream in = new CappedStream(exchange.request().getInputStream(), limit)) {
      files().put(path, in);
    }
    exchange.answer(Answer.EMPTY);
  }

  void download(Exchange exchange) throws IOException {
    String path = ArtifactPaths.requireInside(exchange.rest());
    Download.send(files(), path, exchange);
  }

  Answer delete(Exchange exchange) {
    String path = ArtifactPaths.requireInside(exchange.rest());
    files().delete(path);
    return Answer.EMPTY;
  }

  /** Lists with bare names, which the client joins to the folder that it asked for. */
  Answer list(Exchange exchange) {
    String folder = ArtifactPaths.requireInside(exchange.query().text("path"));
    List<FileStore.Entry> entries = files().list(folder);
    return out -> FileAnswer.files(out, entries, path -> path.substring(path.lastIndexOf('/') + 1));
  }

  /** The ways that end here. */
  List<Route> routes() {
    String at = "api/mlflow-artifacts/";
    Guard write = guards.artifact(Right.WRITE);
    return List.of(
        Route.of("PUT", at + "artifacts/**", write, this::upload),
        Route.of(
            "GET", at + "artifacts", guards.artifactFolder(Right.READ), Handler.json(this::list)),
        Route.of("GET", at + "artifacts/**", guards.artifact(Right.READ), this::download),
        Route.of("DELETE", at + "artifacts/**", write, Handler.json(this::delete)));
  }
}
