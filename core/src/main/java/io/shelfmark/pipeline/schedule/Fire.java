package io.shelfmark.pipeline.schedule;

import io.shelfmark.pipeline.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One instant of a schedule or one event of a trigger, and what became of it. Get them from {@link
 * Fires#history}.
 *
 * @param name the name of the schedule or trigger
 * @param id unlike every other of that name: the instant in UTC, or digits made from the event's id
 * @param due the schedule's instant, or when the event happened
 * @param state what has become of it
 * @param claimedAt when someone saw that it was due
 * @param startedAt when its run was started
 * @param by who did that last
 * @param run the run that was started for it
 * @param reason why it has none of its own
 * @param values what the event says; empty for a schedule
 * @param events the ids of the events it stands for; empty for a schedule's instant
 */
public record Fire(
    String name,
    String id,
    Instant due,
    FireState state,
    Instant claimedAt,
    Optional<Instant> startedAt,
    String by,
    Optional<RunId> run,
    Optional<String> reason,
    Map<String, String> values,
    List<String> events) {

  /** Copies the collections. */
  public Fire {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(due, "due");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(claimedAt, "claimedAt");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(reason, "reason");
    values = Map.copyOf(values);
    events = List.copyOf(events);
  }

  static Fire claimed(String name, String id, Instant due, Instant now, String by) {
    return new Fire(
        name,
        id,
        due,
        FireState.CLAIMED,
        now,
        Optional.empty(),
        by,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        List.of());
  }

  /** The same in another state without a run, for a reason. */
  Fire without(FireState value, String why) {
    return new Fire(
        name, id, due, value, claimedAt, startedAt, by, run, Optional.of(why), values, events);
  }

  Fire waiting() {
    return new Fire(
        name, id, due, FireState.WAITING, claimedAt, startedAt, by, run, reason, values, events);
  }

  Fire claimedBy(String who) {
    return new Fire(
        name, id, due, FireState.CLAIMED, claimedAt, startedAt, who, run, reason, values, events);
  }

  Fire started(RunId of, Instant now) {
    return new Fire(
        name,
        id,
        due,
        FireState.STARTED,
        claimedAt,
        Optional.of(now),
        by,
        Optional.of(of),
        Optional.empty(),
        values,
        events);
  }

  Fire joined(Fire whole) {
    return new Fire(
        name,
        id,
        due,
        FireState.JOINED,
        claimedAt,
        startedAt,
        by,
        whole.run(),
        Optional.of("it is part of fire " + whole.id()),
        values,
        events);
  }

  Fire event(Map<String, String> said, List<String> ids) {
    return new Fire(name, id, due, state, claimedAt, startedAt, by, run, reason, said, ids);
  }
}
