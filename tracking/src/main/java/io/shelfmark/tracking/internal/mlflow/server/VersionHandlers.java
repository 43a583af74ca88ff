package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.internal.mlflow.wire.ModelAnswer;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.Filter;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.ModelStore;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.NewModelVersion;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Answers what is asked of the versions of registered models. */
final class VersionHandlers {

  /** MLflow's clients may ask for so many; a page here has fewer. */
  private static final int MOST_ASKED = 200_000;

  private static final String ARCHIVED = "Archived";

  private final TrackingStore store;
  private final Guards guards;

  VersionHandlers(TrackingStore store, Guards guards) {
    this.store = store;
    this.guards = guards;
  }

  Answer create(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String source = in.required("source");
    Optional<String> runId = present(in, "run_id");
    requireReachable(source, runId);
    return answer(
        store
            .models()
            .createVersion(
                new NewModelVersion(
                    in.required("name"),
                    source,
                    runId,
                    present(in, "model_id"),
                    in.text("description"),
                    in.tags("tags"))));
  }

  private static Optional<String> present(RequestFields in, String name) {
    return in.optionalText(name).filter(text -> !text.isEmpty());
  }

  /** A folder of the server's machine may be a source only where it is one of the run's files. */
  private void requireReachable(String source, Optional<String> runId) {
    ArtifactPaths.requirePlain(source);
    boolean local = source.startsWith("/") || source.startsWith("file:") || !source.contains(":");
    if (local
        && (runId.isEmpty()
            || !isBelow(
                source, RunHandlers.find(store.runs(), runId.get()).info().artifactLocation()))) {
      throw new InvalidRequestException(
          "Invalid model version source: '%s'. A local path has to be among the artifacts of the run of run_id."
              .formatted(source));
    }
  }

  private static boolean isBelow(String source, String location) {
    return source.equals(location) || source.startsWith(location + "/");
  }

  Answer get(Exchange exchange) throws IOException {
    return answer(find(exchange.fields()));
  }

  private ModelVersionRecord find(RequestFields in) {
    return find(store.models(), in);
  }

  static ModelVersionRecord find(ModelStore models, RequestFields in) {
    String name = in.required("name");
    long version = version(in);
    return models
        .findVersion(name, version)
        .orElseThrow(
            () ->
                new RecordNotFoundException(
                    "Model Version (name=%s, version=%d) not found".formatted(name, version)));
  }

  /** The number of a version, which travels as a text. */
  static long version(RequestFields in) {
    in.required("version");
    return in.requiredLong("version");
  }

  Answer search(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    Page<ModelVersionRecord> page =
        store.models().searchVersions(SearchFields.search(in, 10_000, MOST_ASKED));
    return out -> {
      ModelAnswer.versions(out, "model_versions", page.items());
      SearchFields.next(out, page.next());
    };
  }

  Answer update(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    return answer(
        in.optionalText("description").isPresent()
            ? store
                .models()
                .describeVersion(in.required("name"), version(in), in.text("description"))
            : find(in));
  }

  Answer delete(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    store.models().deleteVersion(in.required("name"), version(in));
    return Answer.EMPTY;
  }

  Answer setTag(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    store
        .models()
        .setVersionTag(in.required("name"), version(in), in.required("key"), in.text("value"));
    return Answer.EMPTY;
  }

  Answer deleteTag(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    store.models().deleteVersionTag(in.required("name"), version(in), in.required("key"));
    return Answer.EMPTY;
  }

  Answer downloadUri(Exchange exchange) throws IOException {
    ModelVersionRecord version = find(exchange.fields());
    return out -> out.writeStringField("artifact_uri", version.location());
  }

  Answer transition(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String name = in.required("name");
    long version = version(in);
    ModelVersionRecord changed = store.models().setStage(name, version, in.required("stage"));
    if (in.flag("archive_existing_versions", false)) {
      archiveOthers(changed);
    }
    return answer(changed);
  }

  private void archiveOthers(ModelVersionRecord changed) {
    Search all = Search.where(Filter.of(Field.attribute("name").is(changed.model())));
    Optional<String> next = Optional.empty();
    do {
      Page<ModelVersionRecord> page =
          store.models().searchVersions(next.isPresent() ? all.at(next.get()) : all);
      for (ModelVersionRecord other : page.items()) {
        if (other.version() != changed.version() && other.stage().equals(changed.stage())) {
          store.models().setStage(other.model(), other.version(), ARCHIVED);
        }
      }
      next = page.next();
    } while (next.isPresent());
  }

  private static Answer answer(ModelVersionRecord version) {
    return out -> {
      out.writeFieldName("model_version");
      ModelAnswer.version(out, version);
    };
  }

  /** The ways that end here. */
  List<Route> routes() {
    String at = "api/mlflow/model-versions/";
    Guard read = guards.general(Right.READ);
    Guard write = guards.general(Right.WRITE);
    return List.of(
        Route.of("POST", at + "create", write, Handler.json(this::create)),
        Route.of("GET", at + "get", read, Handler.json(this::get)),
        Route.of("GET", at + "search", read, Handler.json(this::search)),
        Route.of("POST", at + "search", read, Handler.json(this::search)),
        Route.of("PATCH", at + "update", write, Handler.json(this::update)),
        Route.of("DELETE", at + "delete", guards.general(Right.ADMIN), Handler.json(this::delete)),
        Route.of("POST", at + "set-tag", write, Handler.json(this::setTag)),
        Route.of("DELETE", at + "delete-tag", write, Handler.json(this::deleteTag)),
        Route.of("GET", at + "get-download-uri", read, Handler.json(this::downloadUri)),
        Route.of("POST", at + "transition-stage", write, Handler.json(this::transition)));
  }
}
