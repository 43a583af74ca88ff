package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.store.ModelRecord;
import io.shelfmark.tracking.store.ModelVersionRecord;

/**
 * Versions of models as the caller sees them: with the caller's ids of runs, and with the location
 * to which a source {@code runs:/} or {@code models:/} leads. Thread-safe.
 */
final class ModelVersions {

  private static final String RUNS = "runs:/";
  private static final String MODELS = "models:/";

  private final Api api;
  private final ServerKind kind;
  private final RunIds ids;

  ModelVersions(Api api, ServerKind kind, RunIds ids) {
    this.api = api;
    this.kind = kind;
    this.ids = ids;
  }

  /** A source as the server is to have it. */
  String serverSource(String source) {
    return translated(source, true);
  }

  ModelRecord complete(ModelRecord model) {
    return new ModelRecord(
        model.name(),
        model.createdAt(),
        model.updatedAt(),
        model.description(),
        model.tags(),
        model.aliases(),
        model.latestVersions().stream().map(this::complete).toList());
  }

  ModelVersionRecord complete(ModelVersionRecord version) {
    return new ModelVersionRecord(
        version.model(),
        version.version(),
        version.createdAt(),
        version.updatedAt(),
        version.description(),
        version.user(),
        version.stage(),
        translated(version.source(), false),
        location(version),
        version.runId().map(ids::caller),
        version.modelId(),
        version.tags(),
        version.aliases());
  }

  /** Shelfmark's server may keep the files elsewhere; MLflow's only where the source says. */
  private String location(ModelVersionRecord version) {
    boolean leadsOn = version.source().startsWith(MODELS) || version.source().startsWith(RUNS);
    if (!leadsOn && !kind.isShelfmark()) {
      return version.source();
    }
    String what = "read where version " + version.version() + " of " + version.model() + " lies";
    return api.find(
            what,
            "model-versions/get-download-uri",
            "name",
            version.model(),
            "version",
            Long.toString(version.version()))
        .flatMap(reply -> reply.find("artifact_uri"))
        .map(uri -> translated(uri, false))
        .orElse(version.source());
  }

  private String translated(String source, boolean toServer) {
    if (!source.startsWith(RUNS)) {
      return source;
    }
    String rest = source.substring(RUNS.length());
    int slash = rest.indexOf('/');
    String id = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : rest.substring(slash);
    return RUNS + (toServer ? ids.server(id) : ids.caller(id)) + path;
  }
}
