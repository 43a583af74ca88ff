package io.shelfmark.tracking.internal.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.shelfmark.artifact.VersionRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A version of a registered model to be published.
 *
 * @param artifact in which it is a version
 * @param source as the caller named it
 * @param location that the source stands for
 * @param runId the run that made it
 * @param modelId the logged model that it is
 * @param description what people say of it
 * @param inputs what the run was given; those that are not there are left out
 * @param codeVersion of the run
 */
public record ModelDraft(
    String artifact,
    String source,
    String location,
    Optional<String> runId,
    Optional<String> modelId,
    String description,
    List<VersionRef> inputs,
    Optional<String> codeVersion) {

  private static final JsonMapper JSON = new JsonMapper();

  /** Copies the inputs. */
  public ModelDraft {
    Objects.requireNonNull(artifact, "artifact");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(description, "description");
    inputs = List.copyOf(inputs);
    Objects.requireNonNull(codeVersion, "codeVersion");
  }

  /** What a version holds whose files lie elsewhere. */
  byte[] sourceFile() {
    Map<String, String> said = new LinkedHashMap<>();
    said.put("source", source);
    said.put("location", location);
    try {
      return JSON.writeValueAsBytes(said);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts could not be written as JSON", e);
    }
  }
}
