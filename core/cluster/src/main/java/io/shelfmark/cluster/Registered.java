package io.shelfmark.cluster;

import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.StepWorker;
import io.shelfmark.pipeline.StepWorker.Shape;
import io.shelfmark.storage.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The pipelines that a process can do, by name and the digest of their graph. Thread-safe. */
final class Registered {

  private final Map<String, Map<Digest, Known>> pipelines = new ConcurrentHashMap<>();

  /** A pipeline and its steps by name. */
  record Known(Pipeline<?> pipeline, Map<String, Shape> shapes) {}

  void add(Pipeline<?> pipeline) {
    pipelines
        .computeIfAbsent(pipeline.name(), name -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            pipeline.graph().digest(),
            digest ->
                new Known(
                    pipeline,
                    StepWorker.shapes(pipeline).stream()
                        .collect(Collectors.toMap(Shape::name, Function.identity()))));
  }

  Optional<Known> find(String pipeline, Digest graph) {
    return Optional.ofNullable(pipelines.getOrDefault(pipeline, Map.of()).get(graph));
  }
}
