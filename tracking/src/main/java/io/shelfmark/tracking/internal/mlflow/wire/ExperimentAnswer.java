package io.shelfmark.tracking.internal.mlflow.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfmark.tracking.store.ExperimentRecord;
import io.shelfmark.tracking.store.Lifecycle;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Experiments as they are answered. */
public final class ExperimentAnswer {

  private ExperimentAnswer() {}

  /** Writes an experiment as an object. */
  public static void write(JsonGenerator out, ExperimentRecord experiment) throws IOException {
    out.writeStartObject();
    out.writeStringField("experiment_id", experiment.id());
    out.writeStringField("name", experiment.name());
    out.writeStringField("artifact_location", experiment.artifactLocation());
    out.writeStringField("lifecycle_stage", stage(experiment.lifecycle()));
    out.writeNumberField("creation_time", experiment.createdAt().toEpochMilli());
    out.writeNumberField("last_update_time", experiment.updatedAt().toEpochMilli());
    pairs(out, "tags", experiment.tags());
    out.writeEndObject();
  }

  static String stage(Lifecycle lifecycle) {
    return lifecycle.name().toLowerCase(Locale.ROOT);
  }

  /** Writes a map as a list of key and value, by key. */
  static void pairs(JsonGenerator out, String field, Map<String, String> pairs) throws IOException {
    out.writeArrayFieldStart(field);
    for (Map.Entry<String, String> pair : new TreeMap<>(pairs).entrySet()) {
      out.writeStartObject();
      out.writeStringField("key", pair.getKey());
      out.writeStringField("value", pair.getValue());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
