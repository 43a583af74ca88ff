package io.shelfmark.tracking.internal.mlflow.wire;

import io.shelfmark.tracking.store.DatasetInput;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelOutput;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunInfo;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads runs as the server has them, ids and tags included. */
public final class RunReply {

  private static final String USER_TAG = "mlflow.user";

  private RunReply() {}

  /** Of a {@code run} object. */
  public static RunRecord read(Reply reply) {
    Reply data = reply.at("data");
    Map<String, String> tags = data.pairs("tags");
    Map<String, Metric> metrics = new LinkedHashMap<>();
    data.list("metrics").forEach(metric -> metrics.put(metric.text("key"), metric(metric)));
    return new RunRecord(
        info(reply.at("info"), tags),
        data.pairs("params"),
        metrics,
        tags,
        reply.at("inputs").list("dataset_inputs").stream().map(RunReply::dataset).toList(),
        reply.at("inputs").list("model_inputs").stream().map(m -> m.text("model_id")).toList(),
        reply.at("outputs").list("model_outputs").stream()
            .map(m -> new ModelOutput(m.text("model_id"), m.number("step")))
            .toList());
  }

  /** Of a {@code run_info} object, which may lack what the run's tags say. */
  public static RunInfo info(Reply info, Map<String, String> tags) {
    return new RunInfo(
        info.find("run_id").orElseGet(() -> info.text("run_uuid")),
        info.text("experiment_id"),
        info.find("run_name").orElseGet(() -> tags.getOrDefault(NewRun.NAME_TAG, "")),
        info.find("user_id").orElseGet(() -> tags.getOrDefault(USER_TAG, "")),
        status(info.text("status")),
        info.time("start_time"),
        info.findTime("end_time"),
        info.text("artifact_uri"),
        ExperimentReply.lifecycle(info));
  }

  /** Of a point of a history or the last one of a metric. */
  public static Metric metric(Reply metric) {
    return new Metric(
        metric.text("key"),
        metric.decimal("value"),
        metric.number("step"),
        metric.time("timestamp"));
  }

  /** The points of a history. */
  public static List<Metric> metrics(Reply history) {
    return history.list("metrics").stream().map(RunReply::metric).toList();
  }

  /** The points of a curve, each of which is a list of step, time and value. */
  public static List<Metric> curve(String key, Reply curve) {
    return curve.rows("points").stream()
        .map(row -> new Metric(key, row.decimal("2"), row.number("0"), row.time("1")))
        .toList();
  }

  private static RunStatus status(String word) {
    for (RunStatus status : RunStatus.values()) {
      if (status.name().equals(word)) {
        return status;
      }
    }
    return RunStatus.RUNNING; // protobuf's default, which its JSON may leave out
  }

  private static DatasetInput dataset(Reply input) {
    Reply dataset = input.at("dataset");
    return new DatasetInput(
        dataset.text("name"),
        dataset.text("digest"),
        dataset.text("source_type"),
        dataset.text("source"),
        dataset.text("schema"),
        dataset.text("profile"),
        input.pairs("tags"));
  }
}
