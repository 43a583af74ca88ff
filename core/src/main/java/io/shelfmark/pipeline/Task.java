package io.shelfmark.pipeline;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.storage.Digest;
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
