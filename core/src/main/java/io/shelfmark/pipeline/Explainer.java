package io.shelfmark.pipeline;

import io.shelfmark.pipeline.Explanation.Plan;
import io.shelfmark.pipeline.Explanation.StepPlan;
import io.shelfmark.pipeline.Node.FromParameter;
import io.shelfmark.pipeline.Node.FromStep;
import io.shelfmark.pipeline.Node.Source;
import io.shelfmark.pipeline.Values.UnkeptException;
import io.shelfmark.storage.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Walks a graph as a run would, without running anything. Used once; not thread-safe. */
final class Explainer {

  private final Workbench bench;
  private final Pipeline<?> pipeline;
  private final Optional<RunRecord> earlier;
  private final Set<Node> anew;
  private final Map<Node, Settled> known = new HashMap<>();
  private final Map<String, Settled> parameters = new HashMap<>();
  private final List<StepPlan> plans = new ArrayList<>();

  private Explainer(
      Workbench bench,
      Pipeline<?> pipeline,
      Map<String, String> parameters,
      Optional<RunEvent.Rerun> rerun,
      Optional<RunRecord> earlier)
      throws UnkeptException {
    this.bench = bench;
    this.pipeline = pipeline;
    this.earlier = earlier;
    this.anew = rerun.map(from -> Downstream.of(pipeline.graph(), from.step())).orElse(Set.of());
    for (Parameter<?> parameter : pipeline.parameters()) {
      Object value =
          bench.values().read(parameter.type(), parameters.getOrDefault(parameter.name(), "null"));
      this.parameters.put(
          parameter.name(),
          new Settled(
              StepState.SUCCEEDED,
              Optional.of(bench.values().write(parameter.type(), value)),
              value));
    }
  }

  static Explanation explain(
      Workbench bench,
      Pipeline<?> pipeline,
      RunOptions options,
      Function<RunId, Optional<RunRecord>> find) {
    Map<String, String> parameters = new Settings(bench.values()).json(pipeline, options);
    try {
      return new Explainer(
              bench,
              pipeline,
              parameters,
              options.rerun(),
              options.rerun().map(RunEvent.Rerun::run).flatMap(find))
          .explain();
    } catch (UnkeptException e) {
      throw new IllegalArgumentException(
          "Cannot explain %s: found a value that cannot be kept, expected JSON".formatted(pipeline),
          e);
    }
  }

  private Explanation explain() throws UnkeptException {
    for (Node node : pipeline.graph().nodes()) {
      explain(node);
    }
    return new Explanation(pipeline.name(), plans);
  }

  private Optional<Settled> source(Source source) {
    return Optional.ofNullable(
        source instanceof FromStep step
            ? known.get(step.node())
            : parameters.get(((FromParameter) source).parameter().name()));
  }

  private void plan(Node node, Plan plan, String reason) {
    plans.add(new StepPlan(node.id(), plan, reason));
  }

  private void explain(Node node) throws UnkeptException {
    for (Source condition : node.conditions()) {
      Optional<Settled> value = source(condition);
      if (value.isPresent() && !value.get().isTrue()) {
        plan(node, Plan.SKIP, "condition " + condition.id() + " is false");
        known.put(
            node,
            new Settled(StepState.SKIPPED, Optional.of(StepResult.NOTHING), Optional.empty()));
        return;
      }
    }
    Optional<Source> unknown =
        Stream.concat(node.inputs().stream(), node.conditions().stream())
            .filter(source -> source(source).isEmpty())
            .findFirst();
    if (unknown.isPresent()) {
      plan(node, Plan.DEPENDS, "takes from " + unknown.get().id() + ", which runs first");
      return;
    }
    List<Settled> inputs = node.inputs().stream().map(from -> source(from).orElseThrow()).toList();
    if (anew.contains(node)) {
      plan(node, Plan.RUN, "the run is from here on");
    } else if (fromEarlier(node)) {
      plan(node, Plan.CACHED, "run " + earlier.orElseThrow().id() + " has its result");
    } else if (node.isSubPipeline()) {
      known.put(node, inputs.get(inputs.size() - 1));
      plan(node, Plan.CACHED, "its steps have results");
    } else if (node.spec().cache().isEmpty()) {
      plan(node, Plan.RUN, "it is not cached");
    } else if (node.isFanOut()) {
      fanOut(node, inputs);
    } else {
      one(node, inputs.stream().map(Settled::requireDigest).toList());
    }
  }

  private boolean fromEarlier(Node node) throws UnkeptException {
    Optional<StepResult> result =
        earlier.flatMap(record -> record.step(node.id())).flatMap(StepRecord::result);
    if (result.isPresent()) {
      known.put(
          node,
          new Settled(
              StepState.CACHED, result, bench.values().read(node.type(), result.get().json())));
    }
    return result.isPresent();
  }

  private Optional<Settled> lookup(Node node, StepResults.Key key) throws UnkeptException {
    Optional<StepResults.Entry> entry =
        bench.results().find(key).filter(found -> Cached.isYoung(bench, node, found));
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    Object value = bench.values().read(node.bodyType(), entry.get().result().json());
    return Optional.of(
        new Settled(
            StepState.CACHED,
            Optional.of(entry.get().result()),
            node.spec().condition().isPresent() ? Optional.of(value) : value));
  }

  private void one(Node node, List<Digest> digests) throws UnkeptException {
    StepResults.Key key = StepResults.Key.of(node, digests).orElseThrow();
    Optional<Settled> cached = lookup(node, key);
    if (cached.isPresent()) {
      known.put(node, cached.get());
      plan(node, Plan.CACHED, "run " + run(cached.get()) + " had the same inputs");
    } else {
      plan(node, Plan.RUN, reason(key));
    }
  }

  private static String run(Settled cached) {
    return cached
        .result()
        .flatMap(StepResult::cachedFrom)
        .map(RunId::value)
        .orElse("of another time");
  }

  private String reason(StepResults.Key key) {
    Optional<StepResults.Entry> latest = bench.results().latest(key.step());
    if (latest.isEmpty()) {
      return "it has no result yet";
    }
    StepResults.Entry last = latest.get();
    if (!last.codeVersion().equals(key.codeVersion())) {
      return "its code version changed from %s to %s since run %s"
          .formatted(last.codeVersion(), key.codeVersion(), last.run());
    }
    List<String> changed =
        key.inputs().entrySet().stream()
            .filter(input -> !input.getValue().toString().equals(last.inputs().get(input.getKey())))
            .map(Map.Entry::getKey)
            .toList();
    return changed.isEmpty()
        ? "its result of run %s is too old, or of another type".formatted(last.run())
        : "input %s changed since run %s".formatted(String.join(", ", changed), last.run());
  }

  private void fanOut(Node node, List<Settled> inputs) throws UnkeptException {
    List<?> elements = (List<?>) inputs.get(0).requireValue();
    ResultType<?> type = node.elementType();
    List<Digest> digests = new ArrayList<>(inputs.stream().map(Settled::requireDigest).toList());
    List<Settled> found = new ArrayList<>();
    for (Object element : elements) {
      digests.set(0, bench.values().write(type, element).digest());
      lookup(node, StepResults.Key.of(node, digests).orElseThrow()).ifPresent(found::add);
    }
    if (found.size() == elements.size()) {
      known.put(
          node,
          new Settled(
              StepState.CACHED,
              Optional.of(
                  Settled.gathered(found.stream().map(one -> one.result().orElseThrow()).toList())),
              found.stream().map(Settled::requireValue).toList()));
      plan(node, Plan.CACHED, "all %d elements have results".formatted(elements.size()));
    } else {
      plan(
          node,
          Plan.RUN,
          "%d of %d elements have no result"
              .formatted(elements.size() - found.size(), elements.size()));
    }
  }
}
