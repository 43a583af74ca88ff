package io.shelfmark.internal.runpage;

import java.util.List;

/**
 * A step as it stands in a graph.
 *
 * @param name of it
 * @param kind of it
 * @param takes the steps whose results it takes
 * @param conditions the steps that decide whether it is done
 */
public record StepShape(String name, Kind kind, List<String> takes, List<String> conditions) {

  /** What is done for it. */
  public enum Kind {
    /** One call. */
    CALL,
    /** A call for each element of a list. */
    FAN_OUT,
    /** The steps of another pipeline. */
    SUB_PIPELINE
  }

  /** Copies the lists. */
  public StepShape {
    takes = List.copyOf(takes);
    conditions = List.copyOf(conditions);
  }
}
