package io.shelfmark.internal.version;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.artifact.Provenance;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.storage.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The document of one version. Immutable and thread-safe. */
public final class VersionDocument {

  private final VersionRef ref;
  private final JsonNode json;

  VersionDocument(VersionRef ref, JsonNode json) {
    this.ref = ref;
    this.json = json;
  }

  /** A document to fill, without number and claim. */
  public static ObjectNode draft(Digest manifest, long files, long bytes, Provenance provenance) {
    ObjectNode json =
        Json.document()
            .put("manifest", manifest.toString())
            .put("files", files)
            .put("bytes", bytes)
            .put("createdAt", provenance.createdAt().toString())
            .put("author", provenance.author())
            .put("message", provenance.message());
    provenance.producer().ifPresent(producer -> json.put("producer", producer));
    provenance.codeVersion().ifPresent(code -> json.put("codeVersion", code));
    return json;
  }

  /** Its name. */
  public VersionRef ref() {
    return ref;
  }

  /** Whether its content was collected, and only its number is left. */
  public boolean isCollected() {
    return json.has("collectedAt");
  }

  /** When its content was collected. */
  public String collectedAt() {
    return json.path("collectedAt").asText();
  }

  /** The list of its files. */
  public Digest manifest() {
    return Digest.parse(Json.text(json, "manifest", ref));
  }

  /** How many files it has. */
  public long files() {
    return json.path("files").asLong();
  }

  /** How long its files are together. */
  public long bytes() {
    return json.path("bytes").asLong();
  }

  /** Where it came from. */
  public Provenance provenance() {
    return new Provenance(
        Instant.parse(Json.text(json, "createdAt", ref)),
        Json.text(json, "author", ref),
        Json.optionalText(json, "message").orElse(""),
        Json.optionalText(json, "producer"),
        Json.optionalText(json, "codeVersion"));
  }

  /** What its author noted of it. */
  public Map<String, String> metadata() {
    return Map.copyOf(Json.texts(json, "metadata"));
  }

  /** The versions that it was made from. */
  public List<VersionRef> inputs() {
    List<VersionRef> inputs = new ArrayList<>();
    json.path("inputs").forEach(input -> inputs.add(VersionRef.parse(input.asText())));
    return List.copyOf(inputs);
  }

  /** The numbers of the versions that it changed. */
  public List<Long> parents() {
    List<Long> parents = new ArrayList<>();
    json.path("parents").forEach(parent -> parents.add(parent.asLong()));
    return List.copyOf(parents);
  }

  /** A field that only one kind of version has. */
  public Optional<JsonNode> field(String name) {
    return Optional.ofNullable(json.get(name));
  }
}
