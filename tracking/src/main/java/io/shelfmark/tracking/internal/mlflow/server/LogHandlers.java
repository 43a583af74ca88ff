package io.shelfmark.tracking.internal.mlflow.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.internal.mlflow.wire.RequestFields;
import io.shelfmark.tracking.store.DatasetInput;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelOutput;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes what is logged to runs. */
final class LogHandlers {

  /** MLflow has no heartbeats: this library's client sends one as this tag. */
  private static final String HEARTBEAT = "shelfmark.heartbeat";

  static final int MOST_METRICS = 1000;
  static final int MOST_PARAMS = 100;
  static final int MOST_TAGS = 100;
  static final int MOST_ITEMS = 1000;

  private static final String MODELS_TAG = "mlflow.log-model.history";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunStore runs;
  private final Guards guards;

  LogHandlers(TrackingStore store, Guards guards) {
    this.runs = store.runs();
    this.guards = guards;
  }

  Answer metric(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    runs.log(RunHandlers.requiredRunId(in), RunLog.metrics(List.of(metric(in))));
    return Answer.EMPTY;
  }

  private static Metric metric(RequestFields in) {
    return new Metric(
        in.required("key"),
        in.requiredDouble("value"),
        in.optionalLong("step").orElse(0),
        in.optionalTime("timestamp")
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "Missing value for required parameter 'timestamp'.")));
  }

  Answer param(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    runs.log(
        RunHandlers.requiredRunId(in), RunLog.params(Map.of(in.required("key"), in.text("value"))));
    return Answer.EMPTY;
  }

  Answer setTag(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String key = in.required("key");
    if (key.equals(HEARTBEAT)) {
      beat(in);
    } else {
      runs.log(RunHandlers.requiredRunId(in), RunLog.tags(Map.of(key, in.text("value"))));
    }
    return Answer.EMPTY;
  }

  private void beat(RequestFields in) {
    Instant time =
        in.optionalTime("value")
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "Missing value for required parameter 'value': expected milliseconds since 1970"));
    RunWrite beat = new RunWrite.Heartbeat(RunHandlers.requiredRunId(in), time);
    for (Refusal refusal : runs.write(List.of(beat))) {
      throw refusal.reason();
    }
  }

  Answer deleteTag(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    runs.deleteTag(RunHandlers.requiredRunId(in), in.required("key"));
    return Answer.EMPTY;
  }

  Answer batch(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String runId = RunHandlers.requiredRunId(in);
    int metrics = requireAtMost(in, "metrics", MOST_METRICS);
    int params = requireAtMost(in, "params", MOST_PARAMS);
    int tags = requireAtMost(in, "tags", MOST_TAGS);
    requireAtMost("metrics, params, and tags", metrics + params + tags, MOST_ITEMS);
    runs.log(
        runId,
        new RunLog(
            in.params("params"),
            in.objects("metrics").stream().map(LogHandlers::metric).toList(),
            in.tags("tags")));
    return Answer.EMPTY;
  }

  private static int requireAtMost(RequestFields in, String name, int most) {
    return requireAtMost(name, in.count(name), most);
  }

  private static int requireAtMost(String name, int found, int most) {
    if (found > most) {
      throw new InvalidRequestException(
          "A batch logging request can contain at most %d %s. Got %d %s. Please split up %s across multiple requests and try again."
              .formatted(most, name, found, name, name));
    }
    return found;
  }

  Answer inputs(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    List<DatasetInput> datasets = new ArrayList<>();
    for (RequestFields input : in.objects("datasets")) {
      RequestFields dataset = input.object("dataset");
      datasets.add(
          new DatasetInput(
              dataset.required("name"),
              dataset.required("digest"),
              dataset.required("source_type"),
              dataset.required("source"),
              dataset.text("schema"),
              dataset.text("profile"),
              input.tags("tags")));
    }
    List<String> models =
        in.objects("models").stream().map(model -> model.required("model_id")).toList();
    runs.logInputs(RunHandlers.requiredRunId(in), datasets, models);
    return Answer.EMPTY;
  }

  Answer outputs(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    List<ModelOutput> models =
        in.objects("models").stream()
            .map(
                model ->
                    new ModelOutput(
                        model.required("model_id"), model.optionalLong("step").orElse(0)))
            .toList();
    runs.logOutputs(RunHandlers.requiredRunId(in), models);
    return Answer.EMPTY;
  }

  /** Keeps the description of a model file where MLflow's clients look for it: in a tag. */
  Answer model(Exchange exchange) throws IOException {
    RequestFields in = exchange.fields();
    String runId = RunHandlers.requiredRunId(in);
    JsonNode model;
    try {
      model = JSON.readTree(in.required("model_json"));
    } catch (JsonProcessingException e) {
      throw new InvalidRequestException(
          "Malformed model info: expected JSON (" + e.getOriginalMessage() + ")", e);
    }
    String before = RunHandlers.find(runs, runId).tags().getOrDefault(MODELS_TAG, "[]");
    ArrayNode history =
        JSON.readTree(before) instanceof ArrayNode array ? array : JSON.createArrayNode();
    history.add(model);
    runs.log(runId, RunLog.tags(Map.of(MODELS_TAG, JSON.writeValueAsString(history))));
    return Answer.EMPTY;
  }

  /** The ways that end here. */
  List<Route> routes() {
    String at = "api/mlflow/runs/";
    Guard write = guards.run(Right.WRITE);
    return List.of(
        Route.of("POST", at + "log-metric", write, Handler.json(this::metric)),
        Route.of("POST", at + "log-parameter", write, Handler.json(this::param)),
        Route.of("POST", at + "set-tag", write, Handler.json(this::setTag)),
        Route.of("POST", at + "delete-tag", write, Handler.json(this::deleteTag)),
        Route.of("POST", at + "log-batch", write, Handler.json(this::batch)),
        Route.of("POST", at + "log-inputs", write, Handler.json(this::inputs)),
        Route.of("POST", at + "outputs", write, Handler.json(this::outputs)),
        Route.of("POST", at + "log-model", write, Handler.json(this::model)));
  }
}
