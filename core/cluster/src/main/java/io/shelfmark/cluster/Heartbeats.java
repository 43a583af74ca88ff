package io.shelfmark.cluster;

import java.time.Duration;

/**
 * When the owner of a ticket counts as dead: after so many missed heartbeats of its own.
 *
 * @param interval between two heartbeats
 * @param limit how many may be missed; db-scheduler wants 4 at least
 */
record Heartbeats(Duration interval, int limit) {

  Heartbeats {
    if (interval.toMillis() < 1 || limit < 4) {
      throw new IllegalArgumentException(
          "Cannot use heartbeats of %s x %d: expected 1 ms x 4 at least"
              .formatted(interval, limit));
    }
  }

  /** 10 s x 6. */
  static Heartbeats defaults() {
    return new Heartbeats(Duration.ofSeconds(10), 6);
  }

  /** The age of the last heartbeat at which its owner is dead. */
  Duration deathAge() {
    return interval.multipliedBy(limit);
  }
}
