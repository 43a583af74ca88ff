package io.shelfmark.tracking.internal.mlflow.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfmark.tracking.store.DatasetInput;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelOutput;
import io.shelfmark.tracking.store.RunInfo;
import io.shelfmark.tracking.store.RunRecord;
import java.io.IOException;
import java.util.TreeMap;

/** Runs as they are answered. */
public final class RunAnswer {

  private RunAnswer() {}

  /** Writes a run as an object. */
  public static void write(JsonGenerator out, RunRecord run) throws IOException {
    out.writeStartObject();
    out.writeFieldName("info");
    info(out, run.info());
    out.writeObjectFieldStart("data");
    out.writeArrayFieldStart("metrics");
    for (Metric metric : new TreeMap<>(run.metrics()).values()) {
      metric(out, metric, "");
    }
    out.writeEndArray();
    ExperimentAnswer.pairs(out, "params", run.params());
    ExperimentAnswer.pairs(out, "tags", run.tags());
    out.writeEndObject();
    inputs(out, run);
    outputs(out, run);
    out.writeEndObject();
  }

  /** Writes a run's head as an object. */
  public static void info(JsonGenerator out, RunInfo run) throws IOException {
    out.writeStartObject();
    out.writeStringField("run_id", run.id());
    out.writeStringField("run_uuid", run.id());
    out.writeStringField("run_name", run.name());
    out.writeStringField("experiment_id", run.experimentId());
    out.writeStringField("user_id", run.user());
    out.writeStringField("status", run.status().name());
    out.writeNumberField("start_time", run.startTime().toEpochMilli());
    if (run.endTime().isPresent()) {
      out.writeNumberField("end_time", run.endTime().get().toEpochMilli());
    }
    out.writeStringField("artifact_uri", run.artifactLocation());
    out.writeStringField("lifecycle_stage", ExperimentAnswer.stage(run.lifecycle()));
    out.writeEndObject();
  }

  /**
   * Writes a point as an object.
   *
   * @param runId whose point, where the answer holds those of several runs; empty otherwise
   */
  public static void metric(JsonGenerator out, Metric metric, String runId) throws IOException {
    out.writeStartObject();
    out.writeStringField("key", metric.key());
    out.writeFieldName("value");
    WireDouble.write(out, metric.value());
    out.writeNumberField("timestamp", metric.time().toEpochMilli());
    out.writeNumberField("step", metric.step());
    if (!runId.isEmpty()) {
      out.writeStringField("run_id", runId);
    }
    out.writeEndObject();
  }

  private static void inputs(JsonGenerator out, RunRecord run) throws IOException {
    out.writeObjectFieldStart("inputs");
    out.writeArrayFieldStart("dataset_inputs");
    for (DatasetInput input : run.datasets()) {
      out.writeStartObject();
      ExperimentAnswer.pairs(out, "tags", input.tags());
      out.writeObjectFieldStart("dataset");
      out.writeStringField("name", input.name());
      out.writeStringField("digest", input.digest());
      out.writeStringField("source_type", input.sourceType());
      out.writeStringField("source", input.source());
      optional(out, "schema", input.schema());
      optional(out, "profile", input.profile());
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("model_inputs");
    for (String model : run.modelInputs()) {
      out.writeStartObject();
      out.writeStringField("model_id", model);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void outputs(JsonGenerator out, RunRecord run) throws IOException {
    out.writeObjectFieldStart("outputs");
    out.writeArrayFieldStart("model_outputs");
    for (ModelOutput model : run.modelOutputs()) {
      out.writeStartObject();
      out.writeStringField("model_id", model.modelId());
      out.writeNumberField("step", model.step());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** Writes a text unless it is empty, as unset fields are left out. */
  static void optional(JsonGenerator out, String field, String value) throws IOException {
    if (!value.isEmpty()) {
      out.writeStringField(field, value);
    }
  }
}
