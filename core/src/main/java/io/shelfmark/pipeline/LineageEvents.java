package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.storage.Digest;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JSON of OpenLineage's events, by its specification 2-0-2 with the facets' versions of
 * openlineage-java 1.55. Thread-safe.
 */
final class LineageEvents {

  private static final Logger LOG = LoggerFactory.getLogger(LineageEvents.class);
  private static final String PRODUCER = "urn:shelfmark:core";
  private static final String SPEC = "https://openlineage.io/spec/";
  private static final UUID NAMESPACE = UUID.fromString("0d7a1f4c-9a0e-5c1b-8a52-6c6f3d1f8e10");

  private final String namespace;
  private final Optional<Source> source;
  private final Function<RunId, Optional<Instant>> nominalTime;
  private final Map<VersionRef, Digest> digests = new ConcurrentHashMap<>();
  private volatile @Nullable Workspace workspace;

  /** Where code is. */
  record Source(URI repository, String version) {}

  LineageEvents(
      String namespace, Optional<Source> source, Function<RunId, Optional<Instant>> nominalTime) {
    this.namespace = namespace;
    this.source = source;
    this.nominalTime = nominalTime;
  }

  void digestsOf(Workspace value) {
    workspace = value;
  }

  /** The id of a run, or of a step of it: the same wherever it is asked for. */
  UUID id(RunId run, String step) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(
          ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(NAMESPACE.getMostSignificantBits())
              .putLong(NAMESPACE.getLeastSignificantBits())
              .array());
      ByteBuffer hash =
          ByteBuffer.wrap(sha1.digest((namespace + "\n" + run + "\n" + step).getBytes(UTF_8)));
      long high = (hash.getLong() & ~0xf000L) | 0x5000L;
      long low = (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  ObjectNode runStarted(LineageRun run, Instant at) {
    return pipelineEvent("START", run, at, Optional.empty());
  }

  /** A process goes on with a run that another one began. */
  ObjectNode runGoesOn(LineageRun run, Instant at) {
    return pipelineEvent("RUNNING", run, at, Optional.empty());
  }

  ObjectNode runEnded(LineageRun run, RunEvent.RunEnded ended) {
    String type =
        switch (ended.state()) {
          case SUCCEEDED -> "COMPLETE";
          case CANCELLED -> "ABORT";
          case FAILED, RUNNING -> "FAIL";
        };
    return pipelineEvent(type, run, ended.at(), ended.failure());
  }

  private ObjectNode pipelineEvent(
      String type, LineageRun run, Instant at, Optional<String> failure) {
    ObjectNode runFacets = object();
    nominalTime
        .apply(run.id())
        .ifPresent(
            time ->
                facet(runFacets, "nominalTime", "1-0-1", "NominalTimeRunFacet")
                    .put("nominalStartTime", time.toString()));
    if (!run.parameters().isEmpty()) {
      ArrayNode parameters =
          facet(runFacets, "executionParameters", "1-0-0", "ExecutionParametersRunFacet")
              .putArray("parameters");
      new TreeMap<>(run.parameters())
          .forEach(
              (name, json) ->
                  parameters.addObject().put("key", name).put("name", name).put("value", json));
    }
    tag(runFacets, "TagsRunFacet", "shelfmark.run", run.id().value());
    failure.ifPresent(message -> error(runFacets, message));
    return event(type, at, id(run.id(), ""), runFacets, job(run.pipeline(), "PIPELINE"));
  }

  ObjectNode stepStarted(LineageRun run, String step, Instant at) {
    return stepEvent("START", run, step, at, stepFacets(run), List.of());
  }

  ObjectNode stepTriedAgain(LineageRun run, RunEvent.AttemptStarted attempt) {
    ObjectNode facets = stepFacets(run);
    tag(facets, "TagsRunFacet", "shelfmark.attempt", String.valueOf(attempt.attempt()));
    return stepEvent("RUNNING", run, attempt.step(), attempt.at(), facets, List.of());
  }

  ObjectNode stepEnded(LineageRun run, RunEvent.StepEnded ended) {
    ObjectNode facets = stepFacets(run);
    ended.failure().ifPresent(message -> error(facets, message));
    ended
        .result()
        .flatMap(StepResult::cachedFrom)
        .ifPresent(from -> tag(facets, "TagsRunFacet", "shelfmark.cachedFrom", from.value()));
    String type =
        switch (ended.state()) {
          case SUCCEEDED, CACHED, SKIPPED -> "COMPLETE";
          case CANCELLED -> "ABORT";
          case FAILED, NOT_RUN, WAITING, RUNNING -> "FAIL";
        };
    List<VersionRef> outputs = ended.result().map(StepResult::versions).orElse(List.of());
    return stepEvent(type, run, ended.step(), ended.at(), facets, outputs);
  }

  /** The run has ended while the step went on. */
  ObjectNode stepAborted(LineageRun run, String step, RunEvent.RunEnded ended) {
    ObjectNode facets = stepFacets(run);
    ended.failure().ifPresent(message -> error(facets, message));
    return stepEvent("ABORT", run, step, ended.at(), facets, List.of());
  }

  private ObjectNode stepFacets(LineageRun run) {
    ObjectNode facets = object();
    ObjectNode parent = facet(facets, "parent", "1-2-0", "ParentRunFacet");
    pipelineOf(run, parent);
    pipelineOf(run, parent.putObject("root"));
    return facets;
  }

  private void pipelineOf(LineageRun run, ObjectNode into) {
    into.putObject("run").put("runId", id(run.id(), "").toString());
    into.putObject("job").put("namespace", namespace).put("name", run.pipeline());
  }

  private ObjectNode stepEvent(
      String type,
      LineageRun run,
      String step,
      Instant at,
      ObjectNode runFacets,
      List<VersionRef> outputs) {
    ObjectNode job = job(run.pipeline() + "." + step, "STEP");
    run.codeVersion(step)
        .ifPresent(
            version ->
                tag(job.withObject("/facets"), "TagsJobFacet", "shelfmark.codeVersion", version));
    ObjectNode event = event(type, at, id(run.id(), step), runFacets, job);
    run.inputs(step).forEach(ref -> event.withArray("inputs").add(dataset(ref)));
    outputs.forEach(ref -> event.withArray("outputs").add(dataset(ref)));
    return event;
  }

  private ObjectNode event(
      String type, Instant at, UUID run, ObjectNode runFacets, ObjectNode job) {
    ObjectNode event =
        object()
            .put("eventTime", at.toString())
            .put("producer", PRODUCER)
            .put("schemaURL", SPEC + "2-0-2/OpenLineage.json#/$defs/RunEvent")
            .put("eventType", type);
    event.putObject("run").put("runId", run.toString()).set("facets", runFacets);
    event.set("job", job);
    event.putArray("inputs");
    event.putArray("outputs");
    return event;
  }

  private ObjectNode job(String name, String type) {
    ObjectNode job = object().put("namespace", namespace).put("name", name);
    ObjectNode facets = job.putObject("facets");
    facet(facets, "jobType", "2-0-4", "JobTypeJobFacet")
        .put("processingType", "BATCH")
        .put("integration", "SHELFMARK")
        .put("jobType", type);
    source.ifPresent(
        code ->
            facet(facets, "sourceCodeLocation", "1-1-0", "SourceCodeLocationJobFacet")
                .put("type", "git")
                .put("url", code.repository().toString())
                .put("repoUrl", code.repository().toString())
                .put("version", code.version()));
    return job;
  }

  private ObjectNode dataset(VersionRef ref) {
    String kind = ref.toString().substring(0, ref.toString().indexOf(':'));
    ObjectNode dataset = object().put("namespace", namespace).put("name", kind + ":" + ref.name());
    ObjectNode facets = dataset.putObject("facets");
    facet(facets, "version", "1-0-1", "DatasetVersionDatasetFacet")
        .put("datasetVersion", String.valueOf(ref.number()));
    facet(facets, "datasetType", "1-0-1", "DatasetTypeDatasetFacet")
        .put("datasetType", kind.toUpperCase(Locale.ROOT));
    digest(ref)
        .ifPresent(
            digest -> tag(facets, "TagsDatasetFacet", "shelfmark.digest", digest.toString()));
    return dataset;
  }

  private Optional<Digest> digest(VersionRef ref) {
    Workspace from = workspace;
    Digest known = digests.get(ref);
    if (known != null || from == null) {
      return Optional.ofNullable(known);
    }
    try {
      Digest found =
          ref.kind() == VersionRef.Kind.ARTIFACT
              ? from.artifacts().require(ref.name(), ref.number()).digest()
              : from.dataset(ref.name()).require(ref.number()).digest();
      digests.put(ref, found);
      return Optional.of(found);
    } catch (RuntimeException e) {
      // a version that is gone, or a store that is away, keeps no event back
      LOG.warn("The digest of {} is not told with the events of lineage", ref, e);
      return Optional.empty();
    }
  }

  private static void error(ObjectNode facets, String message) {
    facet(facets, "errorMessage", "1-0-1", "ErrorMessageRunFacet")
        .put("message", message)
        .put("programmingLanguage", "java");
  }

  private static void tag(ObjectNode facets, String type, String key, String value) {
    ObjectNode tags = (ObjectNode) facets.get("tags");
    if (tags == null) {
      tags = facet(facets, "tags", "1-0-0", type);
    }
    tags.withArray("tags")
        .addObject()
        .put("key", key)
        .put("value", value)
        .put("source", "SHELFMARK");
  }

  private static ObjectNode facet(ObjectNode facets, String name, String version, String type) {
    return facets
        .putObject(name)
        .put("_producer", PRODUCER)
        .put("_schemaURL", SPEC + "facets/" + version + "/" + type + ".json#/$defs/" + type);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
