package io.shelfmark.tracking.internal.mlflow.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfmark.tracking.store.ModelRecord;
import io.shelfmark.tracking.store.ModelVersionRecord;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Registered models and their versions as they are answered. */
public final class ModelAnswer {

  private ModelAnswer() {}

  /** Writes a registered model as an object. */
  public static void write(JsonGenerator out, ModelRecord model) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", model.name());
    out.writeNumberField("creation_timestamp", model.createdAt().toEpochMilli());
    out.writeNumberField("last_updated_timestamp", model.updatedAt().toEpochMilli());
    RunAnswer.optional(out, "description", model.description());
    versions(out, "latest_versions", model.latestVersions());
    ExperimentAnswer.pairs(out, "tags", model.tags());
    out.writeArrayFieldStart("aliases");
    for (Map.Entry<String, Long> alias : new TreeMap<>(model.aliases()).entrySet()) {
      out.writeStartObject();
      out.writeStringField("alias", alias.getKey());
      out.writeStringField("version", Long.toString(alias.getValue()));
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** Writes a list of versions. */
  public static void versions(
      JsonGenerator out, String field, Iterable<ModelVersionRecord> versions) throws IOException {
    out.writeArrayFieldStart(field);
    for (ModelVersionRecord version : versions) {
      version(out, version);
    }
    out.writeEndArray();
  }

  /** Writes a version as an object; its number is a text there. */
  public static void version(JsonGenerator out, ModelVersionRecord version) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", version.model());
    out.writeStringField("version", Long.toString(version.version()));
    out.writeNumberField("creation_timestamp", version.createdAt().toEpochMilli());
    out.writeNumberField("last_updated_timestamp", version.updatedAt().toEpochMilli());
    RunAnswer.optional(out, "user_id", version.user());
    out.writeStringField("current_stage", version.stage());
    RunAnswer.optional(out, "description", version.description());
    out.writeStringField("source", version.source());
    RunAnswer.optional(out, "run_id", version.runId().orElse(""));
    RunAnswer.optional(out, "model_id", version.modelId().orElse(""));
    out.writeStringField("status", "READY");
    ExperimentAnswer.pairs(out, "tags", version.tags());
    out.writeArrayFieldStart("aliases");
    for (String alias : version.aliases()) {
      out.writeString(alias);
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
