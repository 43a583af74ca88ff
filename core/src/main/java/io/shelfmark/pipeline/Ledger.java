package io.shelfmark.pipeline;

import io.shelfmark.pipeline.StepRecord.Attempt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The events of one run, added up. Thread-safe: it guards itself. */
final class Ledger {

  private final RunEvent.RunStarted start;
  private final Map<String, Entry> steps = new LinkedHashMap<>();
  private RunEvent.@Nullable RunEnded end;

  /** What is known of a step. */
  private static final class Entry {
    final List<Attempt> attempts = new ArrayList<>();
    int failures;
    StepState state = StepState.WAITING;
    Optional<StepResult> result = Optional.empty();
    Optional<String> failure = Optional.empty();

    void endAttempt(Instant at, Optional<String> why) {
      if (!attempts.isEmpty()) {
        Attempt last = attempts.get(attempts.size() - 1);
        if (last.endedAt().isEmpty()) {
          attempts.set(
              attempts.size() - 1,
              new Attempt(last.number(), last.startedAt(), Optional.of(at), why));
        }
      }
    }
  }

  Ledger(RunEvent.RunStarted start) {
    this.start = start;
  }

  RunEvent.RunStarted start() {
    return start;
  }

  /** Adds an event; false when the run's end has overtaken it. */
  synchronized boolean add(RunEvent event) {
    if (end != null) {
      return false;
    }
    if (event instanceof RunEvent.AttemptStarted started) {
      Entry entry = entry(started.step());
      entry.state = StepState.RUNNING;
      entry.attempts.add(
          new Attempt(started.attempt(), started.at(), Optional.empty(), Optional.empty()));
    } else if (event instanceof RunEvent.AttemptFailed failed) {
      Entry entry = entry(failed.step());
      entry.state = StepState.WAITING;
      entry.failures++;
      entry.endAttempt(failed.at(), Optional.of(failed.failure()));
    } else if (event instanceof RunEvent.StepEnded ended) {
      Entry entry = entry(ended.step());
      entry.state = ended.state();
      entry.result = ended.result();
      entry.failure = ended.failure();
      entry.endAttempt(ended.at(), ended.failure());
    } else if (event instanceof RunEvent.RunEnded ended) {
      end = ended;
      for (Entry entry : steps.values()) {
        if (entry.state == StepState.WAITING || entry.state == StepState.RUNNING) {
          entry.state = StepState.CANCELLED;
          entry.endAttempt(ended.at(), ended.failure());
        }
      }
    }
    return true;
  }

  private Entry entry(String step) {
    return steps.computeIfAbsent(step, name -> new Entry());
  }

  synchronized boolean hasEnded() {
    return end != null;
  }

  /** The result of a step, if it has one on record. */
  synchronized Optional<StepResult> result(String step) {
    Entry entry = steps.get(step);
    return entry == null ? Optional.empty() : entry.result;
  }

  synchronized int attempts(String step) {
    Entry entry = steps.get(step);
    return entry == null ? 0 : entry.attempts.size();
  }

  synchronized int failures(String step) {
    Entry entry = steps.get(step);
    return entry == null ? 0 : entry.failures;
  }

  synchronized StepState state(String step) {
    Entry entry = steps.get(step);
    return entry == null ? StepState.WAITING : entry.state;
  }

  synchronized RunRecord record() {
    List<StepRecord> records = new ArrayList<>();
    steps.forEach(
        (name, entry) ->
            records.add(
                new StepRecord(name, entry.state, entry.attempts, entry.result, entry.failure)));
    return new RunRecord(
        start.run(),
        start.pipeline(),
        start.graph(),
        end == null ? RunState.RUNNING : end.state(),
        start.at(),
        end == null ? Optional.empty() : Optional.of(end.at()),
        start.parameters(),
        records,
        end == null ? Optional.empty() : end.failure());
  }
}
