package io.shelfmark.tracking.internal.mlflow.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.internal.mlflow.client.Exchange.Repeat;
import io.shelfmark.tracking.internal.mlflow.wire.Reply;
import io.shelfmark.tracking.internal.mlflow.wire.RunReply;
import io.shelfmark.tracking.store.Curve;
import io.shelfmark.tracking.store.DatasetInput;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelOutput;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunInfo;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runs on a server. Thread-safe. */
final class RestRuns implements RunStore {

  private final Api api;
  private final ServerKind kind;
  private final RunIds ids;
  private final RunCreation creation;
  private final RunLogging logging;
  private final MetricHistories histories;

  RestRuns(Api api, ServerKind kind, RunIds ids) {
    this.api = api;
    this.kind = kind;
    this.ids = ids;
    this.creation = new RunCreation(api, kind, ids);
    this.logging = new RunLogging(api, ids);
    this.histories = new MetricHistories(api, kind);
  }

  @Override
  public RunRecord create(NewRun run) {
    return creation.create(run);
  }

  @Override
  public Optional<RunRecord> find(String id) {
    return ids.find(id).map(ids::record);
  }

  @Override
  public Page<RunRecord> search(RunQuery query) {
    if (query.experiments().isEmpty()) {
      return Page.last(List.of());
    }
    ObjectNode body = Api.object();
    query.experiments().forEach(body.putArray("experiment_ids")::add);
    String filter = new WireFilter(ids::server).write(query.filter());
    if (!filter.isEmpty()) {
      body.put("filter", filter);
    }
    body.put("run_view_type", RestExperiments.view(query.visibility()));
    body.put("max_results", query.limit());
    List<String> orders = WireFilter.orders(query.order());
    if (!orders.isEmpty()) {
      orders.forEach(body.putArray("order_by")::add);
    }
    query.page().ifPresent(token -> body.put("page_token", token));
    Reply reply = api.post("search runs", "runs/search", body);
    List<RunRecord> found = reply.list("runs").stream().map(RunReply::read).toList();
    return new Page<>(ids.records(found), reply.find("next_page_token"));
  }

  @Override
  public RunInfo update(String id, RunUpdate update) {
    ObjectNode body = Api.object().put("run_id", ids.server(id));
    update.status().ifPresent(status -> body.put("status", status.name()));
    update.endTime().ifPresent(time -> body.put("end_time", time.toEpochMilli()));
    update.name().ifPresent(name -> body.put("run_name", name));
    Reply reply = api.post("update run " + id, "runs/update", body);
    return ids.info(RunReply.info(reply.at("run_info"), Map.of()));
  }

  @Override
  public void delete(String id) {
    api.post("delete run " + id, "runs/delete", run(id));
  }

  @Override
  public void restore(String id) {
    api.post("restore run " + id, "runs/restore", run(id));
  }

  @Override
  public void log(String id, RunLog log) {
    logging.log(id, log);
  }

  @Override
  public List<Refusal> write(List<RunWrite> writes) {
    return new RunWriter(this).write(writes);
  }

  /** MLflow has no heartbeats: a tag says when the process last lived. */
  void beat(String id, Instant time) {
    ObjectNode body = run(id);
    body.put("key", RunIds.HEARTBEAT_TAG).put("value", Long.toString(time.toEpochMilli()));
    api.post("say that run " + id + " lives", "runs/set-tag", body);
  }

  @Override
  public void deleteTag(String id, String key) {
    String what = "remove tag " + key + " of run " + id;
    ObjectNode body = run(id).put("key", key);
    api.send(what, "POST", "runs/delete-tag", body, Repeat.GONE_IS_DONE);
  }

  @Override
  public void logInputs(String id, List<DatasetInput> datasets, List<String> modelIds) {
    String what = "log inputs of run " + id;
    if (!modelIds.isEmpty()) {
      requireLoggedModels(what);
    }
    ObjectNode body = run(id);
    ArrayNode inputs = body.putArray("datasets");
    datasets.forEach(dataset -> inputs.add(input(dataset)));
    if (!modelIds.isEmpty()) {
      ArrayNode models = body.putArray("models");
      modelIds.forEach(model -> models.addObject().put("model_id", model));
    }
    api.post(what, "runs/log-inputs", body);
  }

  private static ObjectNode input(DatasetInput input) {
    ObjectNode node = Api.object();
    node.set("tags", Api.pairs(input.tags()));
    ObjectNode dataset = node.putObject("dataset");
    dataset.put("name", input.name()).put("digest", input.digest());
    dataset.put("source_type", input.sourceType()).put("source", input.source());
    if (!input.schema().isEmpty()) {
      dataset.put("schema", input.schema());
    }
    if (!input.profile().isEmpty()) {
      dataset.put("profile", input.profile());
    }
    return node;
  }

  @Override
  public void logOutputs(String id, List<ModelOutput> models) {
    String what = "log outputs of run " + id;
    requireLoggedModels(what);
    ObjectNode body = run(id);
    ArrayNode outputs = body.putArray("models");
    models.forEach(m -> outputs.addObject().put("model_id", m.modelId()).put("step", m.step()));
    api.post(what, "runs/outputs", body);
  }

  /** MLflow 2 would take the request and note nothing. */
  private void requireLoggedModels(String what) {
    if (kind.isBefore3()) {
      throw new InvalidRequestException(
          "Cannot %s: found MLflow %s, which has no logged models, expected 3 or later (note the model as a tag)"
              .formatted(what, kind.version()));
    }
  }

  @Override
  public Page<Metric> history(String id, String key, int limit, Optional<String> page) {
    return histories.page(ids.server(id), key, limit, page);
  }

  @Override
  public Curve curve(String id, String key, int points) {
    return histories.curve(ids.server(id), key, points);
  }

  private ObjectNode run(String id) {
    return Api.object().put("run_id", ids.server(id));
  }
}
