package io.shelfmark.cluster;

import io.shelfmark.pipeline.RunId;

/**
 * A step of a run, or an element of a fan-out.
 *
 * @param run its run
 * @param node the step's name in the graph; empty for the end of the run
 * @param place the element's, from 0; {@link #WHOLE} for a step as a whole
 */
record StepKey(RunId run, String node, int place) {

  /** The place of what is no element. */
  static final int WHOLE = -1;

  /** The name of the row that stands for the end of a run. */
  static final String END = "";

  static StepKey of(RunId run, String node) {
    return new StepKey(run, node, WHOLE);
  }

  /** Reads what {@link #name} gives; names of steps have no brackets. */
  static StepKey parse(RunId run, String name) {
    int at = name.lastIndexOf('[');
    return at > 0 && name.endsWith("]")
        ? new StepKey(
            run, name.substring(0, at), Integer.parseInt(name.substring(at + 1, name.length() - 1)))
        : of(run, name);
  }

  boolean isElement() {
    return place != WHOLE;
  }

  /** As records name it. */
  String name() {
    return isElement() ? node + "[" + place + "]" : node;
  }

  @Override
  public String toString() {
    return run + "/" + name();
  }
}
