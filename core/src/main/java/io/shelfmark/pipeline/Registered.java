package io.shelfmark.pipeline;

import io.shelfmark.storage.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pipelines that a process can do, by name and the digest of their graph: a run goes on with
 * the graph that it began with, so a name may have several. Thread-safe.
 */
final class Registered {

  private final Map<String, Map<Digest, Pipeline<?>>> pipelines = new ConcurrentHashMap<>();

  /** Adds one, unless one of that name and graph is there. */
  void add(Pipeline<?> pipeline) {
    pipelines
        .computeIfAbsent(pipeline.name(), name -> new ConcurrentHashMap<>())
        .putIfAbsent(pipeline.graph().digest(), pipeline);
  }

  Optional<Pipeline<?>> find(RunEvent.RunStarted run) {
    return Optional.ofNullable(of(run.pipeline()).get(run.graph()));
  }

  /** The graphs that a pipeline is known with. */
  Set<Digest> graphs(String pipeline) {
    return of(pipeline).keySet();
  }

  private Map<Digest, Pipeline<?>> of(String pipeline) {
    return pipelines.getOrDefault(pipeline, Map.of());
  }
}
