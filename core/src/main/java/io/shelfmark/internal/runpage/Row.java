package io.shelfmark.internal.runpage;

import io.shelfmark.pipeline.RunLineage.StepLineage;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepRecord.Attempt;
import io.shelfmark.pipeline.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A step of the page: of the graph, of the record, or of both; a fan-out with its elements.
 *
 * @param index in the page
 * @param shape how it stands in the graph
 * @param state how far it is
 * @param record what happened to it, if anything did
 * @param elements what happened to those of a fan-out
 * @param lineage its versions
 */
record Row(
    int index,
    StepShape shape,
    StepState state,
    Optional<StepRecord> record,
    List<StepRecord> elements,
    Optional<StepLineage> lineage) {

  String name() {
    return shape.name();
  }

  /** By which the page links to it. */
  String anchor() {
    return "s" + index;
  }

  boolean isFanOut() {
    return shape.kind() == StepShape.Kind.FAN_OUT || !elements.isEmpty();
  }

  /** Its own attempts, or those of its elements. */
  Stream<Attempt> attempts() {
    return Stream.concat(record.stream(), elements.stream())
        .flatMap(step -> step.attempts().stream());
  }

  Optional<Instant> startedAt() {
    return attempts().map(Attempt::startedAt).min(Comparator.naturalOrder());
  }

  /** When its last attempt ended; empty before it began and while it goes on. */
  Optional<Instant> endedAt() {
    return state == StepState.RUNNING
        ? Optional.empty()
        : attempts().flatMap(attempt -> attempt.endedAt().stream()).max(Comparator.naturalOrder());
  }

  /** From the first attempt to the end of the last. */
  Optional<Duration> duration() {
    return startedAt().flatMap(start -> endedAt().map(end -> Duration.between(start, end)));
  }

  /** How many calls failed and were followed by another, here and in its elements. */
  long retries() {
    return Stream.concat(record.stream(), elements.stream())
        .mapToLong(step -> Math.max(0, step.attempts().size() - 1))
        .sum();
  }
}
