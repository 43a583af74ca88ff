package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.pipeline.Node.FromParameter;
import io.shelfmark.pipeline.Node.FromStep;
import io.shelfmark.pipeline.Node.Source;
import io.shelfmark.pipeline.RunLineage.StepLineage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Follows versions along a graph's wires through what a run has on record. Used once; not
 * thread-safe.
 */
final class LineageWalk {

  private final Pipeline<?> pipeline;
  private final RunRecord record;
  private final Map<String, StepRecord> steps = new HashMap<>();
  private final Map<String, List<StepRecord>> elements = new HashMap<>();
  private final Map<String, StepLineage> found = new LinkedHashMap<>();

  LineageWalk(Pipeline<?> pipeline, RunRecord record) {
    this.pipeline = pipeline;
    this.record = record;
    for (StepRecord step : record.steps()) {
      steps.put(step.name(), step);
      StepRecord.fanOutOf(step.name())
          .ifPresent(name -> elements.computeIfAbsent(name, k -> new ArrayList<>()).add(step));
    }
  }

  /** Its place in the list. */
  static int placeOf(String element) {
    return Integer.parseInt(element.substring(element.lastIndexOf('[') + 1, element.length() - 1));
  }

  RunLineage walk() {
    for (Node node : pipeline.graph().nodes()) {
      StepRecord step = steps.get(node.id());
      if (node.isFanOut()) {
        fanOut(node, Optional.ofNullable(step));
      } else if (step != null && hasEdges(step)) {
        List<VersionRef> took = node.isSubPipeline() ? fromOutside(node) : versions(node.inputs());
        add(step, took);
      }
    }
    return new RunLineage(record.id(), List.copyOf(found.values()));
  }

  private static boolean hasEdges(StepRecord step) {
    return !step.attempts().isEmpty() || step.result().isPresent();
  }

  private void add(StepRecord step, List<VersionRef> took) {
    found.put(step.name(), new StepLineage(step.name(), took, gave(step)));
  }

  private static List<VersionRef> gave(StepRecord step) {
    return step.result().map(StepResult::versions).orElse(List.of());
  }

  private List<VersionRef> versions(Collection<Source> sources) {
    return sources.stream().flatMap(source -> versions(source).stream()).distinct().toList();
  }

  private List<VersionRef> versions(Source source) {
    if (source instanceof FromStep from) {
      StepRecord step = steps.get(from.node().id());
      return step == null ? List.of() : gave(step);
    }
    Parameter<?> parameter = ((FromParameter) source).parameter();
    return mayHoldVersions(parameter) ? among(json(parameter), ref -> true) : List.of();
  }

  private String json(Parameter<?> parameter) {
    return record.parameters().getOrDefault(parameter.name(), "null");
  }

  /** A text of a parameter that is a text may look like a version, and says nothing. */
  private static boolean mayHoldVersions(Parameter<?> parameter) {
    Class<?> type = parameter.type().element();
    return type == ArtifactVersion.class
        || type == DatasetVersion.class
        || type == VersionRef.class
        || type.isRecord();
  }

  /** What the steps within it took and did not give each other. */
  private List<VersionRef> fromOutside(Node node) {
    Set<VersionRef> taken = new LinkedHashSet<>();
    List<StepLineage> within =
        found.values().stream().filter(edges -> edges.step().startsWith(node.id() + "/")).toList();
    within.forEach(edges -> taken.addAll(edges.took()));
    within.forEach(edges -> edges.gave().forEach(taken::remove));
    return List.copyOf(taken);
  }

  private void fanOut(Node node, Optional<StepRecord> whole) {
    List<StepRecord> own = elements.getOrDefault(node.id(), List.of());
    Source list = node.inputs().get(0);
    List<VersionRef> ofList = versions(list);
    List<VersionRef> shared = versions(node.inputs().subList(1, node.inputs().size()));
    List<List<VersionRef>> each = ofList.isEmpty() ? List.of() : perElement(list, ofList);
    for (StepRecord element : own) {
      int place = placeOf(element.name());
      List<VersionRef> took =
          Stream.concat(
                  place < each.size() ? each.get(place).stream() : Stream.of(), shared.stream())
              .distinct()
              .toList();
      if (hasEdges(element)) {
        add(element, took);
      }
    }
    if (whole.filter(LineageWalk::hasEdges).isPresent()
        || own.stream().anyMatch(LineageWalk::hasEdges)) {
      List<VersionRef> gave =
          whole.flatMap(StepRecord::result).isPresent()
              ? gave(whole.orElseThrow())
              : own.stream().flatMap(element -> gave(element).stream()).distinct().toList();
      found.put(node.id(), new StepLineage(node.id(), versions(node.inputs()), gave));
    }
  }

  /** Of a list's versions, those of each of its elements. */
  private List<List<VersionRef>> perElement(Source list, List<VersionRef> all) {
    String json =
        list instanceof FromStep from
            ? Optional.ofNullable(steps.get(from.node().id()))
                .flatMap(StepRecord::result)
                .map(StepResult::json)
                .orElse("[]")
            : json(((FromParameter) list).parameter());
    Set<VersionRef> known = new LinkedHashSet<>(all);
    List<List<VersionRef>> each = new ArrayList<>();
    for (JsonNode element : read(json)) {
      each.add(among(element, known::contains));
    }
    return each;
  }

  private JsonNode read(String json) {
    return Documents.read(json.getBytes(UTF_8), JsonNode.class, "what run " + record.id() + " has");
  }

  private List<VersionRef> among(String json, Predicate<VersionRef> wanted) {
    return among(read(json), wanted);
  }

  private static List<VersionRef> among(JsonNode json, Predicate<VersionRef> wanted) {
    Set<VersionRef> versions = new LinkedHashSet<>();
    collect(json, versions);
    return versions.stream().filter(wanted).toList();
  }

  private static void collect(JsonNode json, Set<VersionRef> versions) {
    if (json.isTextual() && json.textValue().contains("@")) {
      try {
        versions.add(VersionRef.parse(json.textValue()));
      } catch (IllegalArgumentException e) {
        return; // another text
      }
    }
    json.forEach(child -> collect(child, versions));
  }
}
