package io.shelfmark.cluster;

import java.time.Duration;
import java.util.Objects;

/**
 * Something to do, delivered at least once to one of the processes that take from its queue.
 *
 * @param id {@code RUN/STEP/gN}; one that was used once is never used again, because a late owner
 *     of the first could take away the row of the second
 * @param queue the queue's label
 * @param priority the higher, the earlier among those that are due
 * @param delay how long after its commit it is due
 */
record Ticket(String id, String queue, int priority, Duration delay) {

  Ticket {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(queue, "queue");
    if (delay.isNegative()) {
      throw new IllegalArgumentException(
          "Cannot deliver ticket %s: found a delay of %s, expected 0 or more".formatted(id, delay));
    }
    if (priority < Short.MIN_VALUE || priority > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Cannot deliver ticket %s: found priority %d, expected one of 16 bits"
              .formatted(id, priority));
    }
  }

  /** For a step, or an element of one. */
  static Ticket of(StepKey step, int generation, String queue, int priority, Duration delay) {
    return new Ticket(new TicketId(step, generation).toString(), queue, priority, delay);
  }

  /** Due at once, of the usual priority. */
  static Ticket of(String id, String queue) {
    return new Ticket(id, queue, 0, Duration.ZERO);
  }
}
