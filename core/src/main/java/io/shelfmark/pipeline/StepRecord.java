package io.shelfmark.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What happened to a step in a run.
 *
 * @param name as in the graph; {@code NAME[3]} for the fourth element of a fan-out
 * @param state how far it is
 * @param attempts the calls of its body, in order
 * @param result what it gave, if it did
 * @param failure why it gave nothing
 */
public record StepRecord(
    String name,
    StepState state,
    List<Attempt> attempts,
    Optional<StepResult> result,
    Optional<String> failure) {

  /**
   * One call of a step's body.
   *
   * @param number from 1
   * @param startedAt when it began
   * @param endedAt when it ended; empty while it goes on, and for one that its process did not
   *     survive
   * @param failure why it gave nothing
   */
  public record Attempt(
      int number, Instant startedAt, Optional<Instant> endedAt, Optional<String> failure) {

    /** Checks that everything is there. */
    public Attempt {
      Objects.requireNonNull(startedAt, "startedAt");
      Objects.requireNonNull(endedAt, "endedAt");
      Objects.requireNonNull(failure, "failure");
    }

    /** How long it took, if it has ended. */
    public Optional<Duration> duration() {
      return endedAt.map(end -> Duration.between(startedAt, end));
    }
  }

  /** Copies the list. */
  public StepRecord {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(result, "result");
    Objects.requireNonNull(failure, "failure");
    attempts = List.copyOf(attempts);
  }

  /**
   * The fan-out that a step on record is an element of: {@code each} for {@code each[3]}; empty for
   * another step. Names of steps have no brackets.
   */
  public static Optional<String> fanOutOf(String step) {
    int at = step.lastIndexOf('[');
    return at > 0 && step.endsWith("]") ? Optional.of(step.substring(0, at)) : Optional.empty();
  }
}
