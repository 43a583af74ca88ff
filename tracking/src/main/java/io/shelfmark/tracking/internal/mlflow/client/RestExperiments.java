package io.shelfmark.tracking.internal.mlflow.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.internal.mlflow.client.Exchange.Repeat;
import io.shelfmark.tracking.internal.mlflow.wire.ExperimentReply;
import io.shelfmark.tracking.internal.mlflow.wire.Reply;
import io.shelfmark.tracking.store.ExperimentRecord;
import io.shelfmark.tracking.store.ExperimentStore;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.NewExperiment;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.Visibility;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The experiments on a server. Thread-safe. */
final class RestExperiments implements ExperimentStore {

  private final Api api;
  private final ServerKind kind;

  RestExperiments(Api api, ServerKind kind) {
    this.api = api;
    this.kind = kind;
  }

  @Override
  public ExperimentRecord create(NewExperiment experiment) {
    String what = "create experiment " + experiment.name();
    ObjectNode body = Api.object().put("name", experiment.name());
    experiment.artifactLocation().ifPresent(l -> body.put("artifact_location", l));
    if (!experiment.tags().isEmpty()) {
      body.set("tags", Api.pairs(experiment.tags()));
    }
    Reply made = api.send(what, "POST", "experiments/create", body, Repeat.IF_NOT_APPLIED);
    String id = made.text("experiment_id");
    return find(id)
        .orElseThrow(
            () ->
                new RecordNotFoundException(
                    "Cannot %s: found no experiment %s after it was made, expected it on record (did somebody else delete it?)"
                        .formatted(what, id)));
  }

  @Override
  public Optional<ExperimentRecord> find(String id) {
    return api.find("read experiment " + id, "experiments/get", "experiment_id", id)
        .map(reply -> ExperimentReply.read(reply.at("experiment")));
  }

  @Override
  public Optional<ExperimentRecord> findByName(String name) {
    String what = "read experiment " + name;
    return api.find(what, "experiments/get-by-name", "experiment_name", name)
        .map(reply -> ExperimentReply.read(reply.at("experiment")));
  }

  @Override
  public Page<ExperimentRecord> search(Search search) {
    ObjectNode body = search(search, search.limit(), UnaryOperator.identity());
    body.put("view_type", view(search.visibility()));
    Reply reply = api.post("search experiments", "experiments/search", body);
    List<ExperimentRecord> items =
        reply.list("experiments").stream().map(ExperimentReply::read).toList();
    return new Page<>(items, reply.find("next_page_token"));
  }

  /** What all searches of the server take. */
  static ObjectNode search(Search search, int limit, UnaryOperator<String> runIds) {
    ObjectNode body = Api.object();
    String filter = new WireFilter(runIds).write(search.filter());
    if (!filter.isEmpty()) {
      body.put("filter", filter);
    }
    List<String> orders = WireFilter.orders(search.order());
    if (!orders.isEmpty()) {
      orders.forEach(body.putArray("order_by")::add);
    }
    body.put("max_results", limit);
    search.page().ifPresent(token -> body.put("page_token", token));
    return body;
  }

  static String view(Visibility visibility) {
    return switch (visibility) {
      case ACTIVE -> "ACTIVE_ONLY";
      case DELETED -> "DELETED_ONLY";
      case ALL -> "ALL";
    };
  }

  @Override
  public void rename(String id, String name) {
    ObjectNode body = experiment(id).put("new_name", name);
    api.post("rename experiment " + id + " to " + name, "experiments/update", body);
  }

  @Override
  public void delete(String id) {
    String what = "delete experiment " + id;
    api.send(what, "POST", "experiments/delete", experiment(id), Repeat.GONE_IS_DONE);
  }

  @Override
  public void restore(String id) {
    String what = "restore experiment " + id;
    api.send(what, "POST", "experiments/restore", experiment(id), Repeat.GONE_IS_DONE);
  }

  @Override
  public void setTag(String id, String key, String value) {
    ObjectNode body = experiment(id).put("key", key).put("value", value);
    api.post("set tag " + key + " of experiment " + id, "experiments/set-experiment-tag", body);
  }

  @Override
  public void deleteTag(String id, String key) {
    String what = "remove tag " + key + " of experiment " + id;
    ObjectNode body = experiment(id).put("key", key);
    try {
      api.send(what, "POST", "experiments/delete-experiment-tag", body, Repeat.GONE_IS_DONE);
    } catch (UnexpectedServerException e) {
      if (!kind.isBefore3()) {
        throw e;
      }
      throw new InvalidRequestException(
          "Cannot %s: found MLflow %s, expected 3 or later (set the tag to an empty text instead)"
              .formatted(what, kind.version()),
          e);
    }
  }

  private static ObjectNode experiment(String id) {
    return Api.object().put("experiment_id", id);
  }
}
