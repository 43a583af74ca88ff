package io.shelfmark.tracking.internal.mlflow.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.LoggedModelRecord;
import io.shelfmark.tracking.store.LoggedModelStatus;
import io.shelfmark.tracking.store.Metric;
import java.io.IOException;

/** Logged models as they are answered. */
public final class LoggedModelAnswer {

  private static final String STATUS_PREFIX = "LOGGED_MODEL_";

  private LoggedModelAnswer() {}

  /** Writes a logged model as an object. */
  public static void write(JsonGenerator out, LoggedModelRecord model) throws IOException {
    out.writeStartObject();
    out.writeObjectFieldStart("info");
    out.writeStringField("model_id", model.id());
    out.writeStringField("experiment_id", model.experimentId());
    out.writeStringField("name", model.name());
    out.writeNumberField("creation_timestamp_ms", model.createdAt().toEpochMilli());
    out.writeNumberField("last_updated_timestamp_ms", model.updatedAt().toEpochMilli());
    out.writeStringField("artifact_uri", model.artifactLocation());
    out.writeStringField("status", STATUS_PREFIX + model.status());
    RunAnswer.optional(out, "model_type", model.type());
    RunAnswer.optional(out, "source_run_id", model.sourceRunId().orElse(""));
    ExperimentAnswer.pairs(out, "tags", model.tags());
    out.writeEndObject();
    out.writeObjectFieldStart("data");
    ExperimentAnswer.pairs(out, "params", model.params());
    out.writeArrayFieldStart("metrics");
    for (Metric metric : model.metrics()) {
      RunAnswer.metric(out, metric, "");
    }
    out.writeEndArray();
    out.writeEndObject();
    out.writeEndObject();
  }

  /** Reads a status such as {@code LOGGED_MODEL_READY}. */
  public static LoggedModelStatus status(String text) {
    for (LoggedModelStatus status : LoggedModelStatus.values()) {
      if (text.equals(STATUS_PREFIX + status)) {
        return status;
      }
    }
    throw new InvalidRequestException(
        "Invalid value '%s' for parameter 'status': expected LOGGED_MODEL_READY or LOGGED_MODEL_UPLOAD_FAILED"
            .formatted(text));
  }
}
