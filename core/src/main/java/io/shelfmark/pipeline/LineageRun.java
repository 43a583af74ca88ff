package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.pipeline.Node.FromParameter;
import io.shelfmark.pipeline.Node.FromStep;
import io.shelfmark.storage.Digest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What lineage needs to know of a run that goes on. Not thread-safe: one thread tells of events.
 */
final class LineageRun {

  private static final Set<Class<?>> VERSIONS =
      Set.of(ArtifactVersion.class, DatasetVersion.class, VersionRef.class);

  private final RunId id;
  private final String pipeline;
  private final Optional<Instant> startedAt;
  private final Map<String, String> parameters;
  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, List<VersionRef>> results = new HashMap<>();
  private final Set<String> begun = new HashSet<>();
  private final Set<String> open = new LinkedHashSet<>();

  private LineageRun(
      RunId id,
      String pipeline,
      Optional<Instant> startedAt,
      Map<String, String> parameters,
      @Nullable Pipeline<?> known) {
    this.id = id;
    this.pipeline = pipeline;
    this.startedAt = startedAt;
    this.parameters = Map.copyOf(parameters);
    if (known != null) {
      known.graph().nodes().forEach(node -> nodes.put(node.id(), node));
    }
  }

  static LineageRun of(RunEvent.RunStarted start, Map<String, Pipeline<?>> pipelines) {
    return new LineageRun(
        start.run(),
        start.pipeline(),
        Optional.of(start.at()),
        start.parameters(),
        pipelines.get(key(start.pipeline(), start.graph())));
  }

  static LineageRun of(RunRecord record, Map<String, Pipeline<?>> pipelines) {
    LineageRun run =
        new LineageRun(
            record.id(),
            record.pipeline(),
            Optional.of(record.startedAt()),
            record.parameters(),
            pipelines.get(key(record.pipeline(), record.graph())));
    run.refresh(record);
    return run;
  }

  /** Takes what other processes did. */
  void refresh(RunRecord record) {
    Set<String> ended = new HashSet<>();
    for (StepRecord step : record.steps()) {
      step.result().ifPresent(result -> results.put(step.name(), result.versions()));
      if (step.state() != StepState.WAITING
          && step.state() != StepState.RUNNING
          && step.state() != StepState.CANCELLED) {
        ended.add(step.name());
      }
    }
    record.steps().stream()
        .filter(step -> !step.attempts().isEmpty())
        .map(step -> stepOf(step.name()))
        .forEach(open::add);
    open.removeAll(ended);
  }

  /** Whether the results of all steps that a step takes from are known. */
  boolean knowsInputsOf(String step) {
    Node node = nodes.get(step);
    return node == null
        || node.inputs().stream()
            .allMatch(
                source -> source instanceof FromParameter || results.containsKey(source.id()));
  }

  /** A run that nobody knows. */
  static LineageRun unknown(RunId id) {
    return new LineageRun(id, "unknown", Optional.empty(), Map.of(), null);
  }

  static String key(String pipeline, Digest graph) {
    return pipeline + " " + graph;
  }

  /** The step that an element belongs to, or the step itself. */
  static String stepOf(String name) {
    int bracket = name.indexOf('[');
    return bracket < 0 ? name : name.substring(0, bracket);
  }

  RunId id() {
    return id;
  }

  String pipeline() {
    return pipeline;
  }

  Optional<Instant> startedAt() {
    return startedAt;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  /** Steps that have begun and not ended. */
  List<String> open() {
    return List.copyOf(open);
  }

  /** A step begins, for all that is known here; false when it already had. */
  boolean open(String step) {
    open.add(step);
    return begun.add(step);
  }

  void close(String step) {
    open.remove(step);
  }

  boolean isSubPipeline(String step) {
    Node node = nodes.get(step);
    return node != null && node.isSubPipeline();
  }

  /** The declared version of a step's code. */
  Optional<String> codeVersion(String step) {
    return Optional.ofNullable(nodes.get(step))
        .flatMap(node -> node.spec().cache())
        .map(CachePolicy::codeVersion);
  }

  void add(RunEvent.StepEnded ended) {
    ended.result().ifPresent(result -> results.put(ended.step(), result.versions()));
  }

  /** The versions among the inputs of a step. */
  List<VersionRef> inputs(String step) {
    Node node = nodes.get(step);
    return node == null
        ? List.of()
        : node.inputs().stream().flatMap(this::versions).distinct().toList();
  }

  private Stream<VersionRef> versions(Node.Source source) {
    if (source instanceof FromStep from) {
      return results.getOrDefault(from.id(), List.of()).stream();
    }
    Parameter<?> parameter = ((FromParameter) source).parameter();
    String json = parameters.get(parameter.name());
    if (json == null || !VERSIONS.contains(parameter.type().element())) {
      return Stream.empty();
    }
    JsonNode value = Documents.read(json.getBytes(UTF_8), JsonNode.class, source.id());
    return (value.isArray() ? StreamSupport.stream(value.spliterator(), false) : Stream.of(value))
        .map(text -> VersionRef.parse(text.asText()));
  }
}
