package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.internal.mlflow.wire.ExperimentAnswer;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.store.ExperimentRecord;
import io.shelfmark.tracking.store.ExperimentStore;
import io.shelfmark.tracking.store.NewExperiment;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.IOException;
import java.util.List;

/** Answers what is asked of experiments. */
final class ExperimentHandlers {

  private final ExperimentStore experiments;
  private final Guards guards;

  ExperimentHandlers(TrackingStore store, Guards guards) {
    this.experiments = store.experiments();
    this.guards = guards;
  }

  Answer create(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String location = in.text("artifact_location");
    if (!location.isEmpty()) {
      ArtifactPaths.requirePlain(location);
    }
    ExperimentRecord made =
        experiments.create(
            new NewExperiment(
                in.required("name"),
                in.optionalText("artifact_location").filter(text -> !text.isEmpty()),
                in.tags("tags")));
    return out -> out.writeStringField("experiment_id", made.id());
  }

  Answer get(Exchange exchange) throws IOException {
    String id = exchange.fields().required("experiment_id");
    return answer(
        experiments
            .find(id)
            .orElseThrow(
                () -> new RecordNotFoundException("No Experiment with id=" + id + " exists")));
  }

  Answer getByName(Exchange exchange) throws IOException {
    String name = exchange.fields().required("experiment_name");
    ExperimentRecord found =
        experiments
            .findByName(name)
            .filter(experiment -> exchange.caller().may(Right.READ, experiment.id()))
            .orElseThrow(
                () ->
                    new RecordNotFoundException(
                        "Could not find experiment with name '" + name + "'"));
    return answer(found);
  }

  Answer search(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    Page<ExperimentRecord> page =
        experiments.search(
            SearchFields.search(in, 1000, 50_000, SearchFields.visibility(in, "view_type")));
    List<ExperimentRecord> seen =
        page.items().stream()
            .filter(experiment -> exchange.caller().may(Right.READ, experiment.id()))
            .toList();
    return out -> {
      out.writeArrayFieldStart("experiments");
      for (ExperimentRecord experiment : seen) {
        ExperimentAnswer.write(out, experiment);
      }
      out.writeEndArray();
      SearchFields.next(out, page.next());
    };
  }

  Answer update(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    experiments.rename(in.required("experiment_id"), in.required("new_name"));
    return Answer.EMPTY;
  }

  Answer delete(Exchange exchange) throws IOException {
    experiments.delete(exchange.fields().required("experiment_id"));
    return Answer.EMPTY;
  }

  Answer restore(Exchange exchange) throws IOException {
    experiments.restore(exchange.fields().required("experiment_id"));
    return Answer.EMPTY;
  }

  Answer setTag(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    experiments.setTag(in.required("experiment_id"), in.required("key"), in.text("value"));
    return Answer.EMPTY;
  }

  Answer deleteTag(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    experiments.deleteTag(in.required("experiment_id"), in.required("key"));
    return Answer.EMPTY;
  }

  private static Answer answer(ExperimentRecord experiment) {
    return out -> {
      out.writeFieldName("experiment");
      ExperimentAnswer.write(out, experiment);
    };
  }

  /** The ways that end here. */
  List<Route> routes() {
    String at = "api/mlflow/experiments/";
    return List.of(
        Route.of("POST", at + "create", guards.general(Right.WRITE), Handler.json(this::create)),
        Route.of("GET", at + "get", guards.experiment(Right.READ), Handler.json(this::get)),
        Route.of("GET", at + "get-by-name", Guard.ANY_USER, Handler.json(this::getByName)),
        Route.of("GET", at + "search", Guard.ANY_USER, Handler.json(this::search)),
        Route.of("POST", at + "search", Guard.ANY_USER, Handler.json(this::search)),
        Route.of("POST", at + "update", guards.experiment(Right.WRITE), Handler.json(this::update)),
        Route.of("POST", at + "delete", guards.experiment(Right.ADMIN), Handler.json(this::delete)),
        Route.of(
            "POST", at + "restore", guards.experiment(Right.ADMIN), Handler.json(this::restore)),
        Route.of(
            "POST",
            at + "set-experiment-tag",
            guards.experiment(Right.WRITE),
            Handler.json(this::setTag)),
        Route.of(
            "POST",
            at + "delete-experiment-tag",
            guards.experiment(Right.WRITE),
            Handler.json(this::deleteTag)),
        Route.of(
            "DELETE",
            at + "delete-experiment-tag",
            guards.experiment(Right.WRITE),
            Handler.json(this::deleteTag)));
  }
}
