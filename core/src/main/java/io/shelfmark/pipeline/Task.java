package io.shelfmark.pipeline;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.storage.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * What one attempt does: a step, or one element of a fan-out.
 *
 * @param node of the graph
 * @param element its place in the list; -1 for a step as a whole
 * @param id its name on record
 * @param values of its arguments
 * @param digests of them
 * @param versions among them
 */
record Task(
    Node node,
    int element,
    String id,
    List<Object> values,
    List<Digest> digests,
    List<VersionRef> versions) {

  static Task of(Node node, List<Settled> inputs) {
    return of(node, -1, node.id(), inputs);
  }

  /** That of an element, which is the first input in the place of the list. */
  static Task element(Node node, int place, Settled element, List<Settled> others) {
    List<Settled> own = new ArrayList<>();
    own.add(element);
    own.addAll(others);
    return of(node, place, node.id() + "[" + place + "]", own);
  }

  private static Task of(Node node, int element, String id, List<Settled> inputs) {
    List<VersionRef> versions =
        inputs.stream()
            .flatMap(input -> input.result().stream())
            .flatMap(result -> result.versions().stream())
            .distinct()
            .toList();
    return new Task(
        node,
        element,
        id,
        inputs.stream().map(Settled::requireValue).toList(),
        inputs.stream().map(Settled::requireDigest).toList(),
        versions);
  }

  StepSpec.Body body() {
    if (node.spec().work() instanceof StepSpec.Call call) {
      return call.body();
    }
    if (node.spec().work() instanceof StepSpec.FanOut fanOut) {
      return fanOut.body();
    }
    throw new IllegalStateException("a sub-pipeline has no code of its own");
  }
}
