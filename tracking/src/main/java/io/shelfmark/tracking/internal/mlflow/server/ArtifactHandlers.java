package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.RunInfo;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.IOException;
import java.util.List;

/** Answers what is asked of the artifacts of a run or a version, wherever they lie. */
final class ArtifactHandlers {

  private final TrackingStore store;
  private final Guards guards;

  ArtifactHandlers(TrackingStore store, Guards guards) {
    this.store = store;
    this.guards = guards;
  }

  Answer list(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    RunInfo run = RunHandlers.find(store.runs(), RunHandlers.requiredRunId(in)).info();
    return FileAnswer.below(
        store, run.artifactLocation(), ArtifactPaths.requireInside(in.text("path")));
  }

  void ofRun(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String path = ArtifactPaths.requireInside(in.required("path"));
    RunInfo run = RunHandlers.find(store.runs(), RunHandlers.requiredRunId(in)).info();
    Download.send(store.files(run.artifactLocation()), path, exchange);
  }

  void ofVersion(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String path = ArtifactPaths.requireInside(in.required("path"));
    ModelVersionRecord version = VersionHandlers.find(store.models(), in);
    Download.send(store.files(version.location()), path, exchange);
  }

  /** The ways that end here. */
  List<Route> routes() {
    return List.of(
        Route.of(
            "GET", "api/mlflow/artifacts/list", guards.run(Right.READ), Handler.json(this::list)),
        Route.of("GET", "get-artifact", guards.run(Right.READ), this::ofRun),
        Route.of(
            "GET", "model-versions/get-artifact", guards.general(Right.READ), this::ofVersion));
  }
}
