package io.shelfmark.tracking;

import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.StepRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The events that a runner's record was made of, as far as it tells: for a listener that did not
 * hear them. Not thread-safe.
 */
final class RecordedEvents {

  private final RunRecord record;
  private final RunId id;
  private final Consumer<RunEvent> listener;

  private RecordedEvents(RunRecord record, Consumer<RunEvent> listener) {
    this.record = record;
    this.id = record.id();
    this.listener = listener;
  }

  /** Tells all events of a run; its end only when it has ended. */
  static void tell(RunRecord record, Consumer<RunEvent> listener) {
    new RecordedEvents(record, listener).tell();
  }

  private void tell() {
    listener.accept(
        new RunEvent.RunStarted(
            id,
            record.startedAt(),
            record.pipeline(),
            record.graph(),
            record.parameters(),
            Optional.empty(),
            Optional.empty()));
    Map<String, Instant> fanOuts = new HashMap<>();
    for (StepRecord step : record.steps()) {
      Instant least = fanOuts.getOrDefault(step.name(), record.startedAt());
      Instant end = tell(step, least);
      StepRecord.fanOutOf(step.name())
          .ifPresent(name -> fanOuts.merge(name, end, (a, b) -> a.isAfter(b) ? a : b));
    }
    record
        .endedAt()
        .ifPresent(
            end ->
                listener.accept(new RunEvent.RunEnded(id, end, record.state(), record.failure())));
  }

  /**
   * Gives when it ended: a fan-out, which is on record after its elements, with the last of them.
   */
  private Instant tell(StepRecord step, Instant least) {
    Instant last = least;
    for (StepRecord.Attempt attempt : step.attempts()) {
      listener.accept(
          new RunEvent.AttemptStarted(id, attempt.startedAt(), step.name(), attempt.number()));
      last = attempt.endedAt().orElse(attempt.startedAt());
      if (attempt.failure().isPresent() && attempt.endedAt().isPresent()) {
        listener.accept(
            new RunEvent.AttemptFailed(
                id,
                last,
                step.name(),
                attempt.number(),
                attempt.failure().get(),
                Optional.empty()));
      }
    }
    boolean settled =
        switch (step.state()) {
          case WAITING, RUNNING, CANCELLED -> false; // the run's end says so of the last
          default -> true;
        };
    if (settled) {
      listener.accept(
          new RunEvent.StepEnded(
              id, last, step.name(), step.state(), step.result(), step.failure()));
    }
    return last;
  }
}
