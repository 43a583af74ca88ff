package io.shelfmark.pipeline.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.stream.Stream;

/** Instants in order. Immutable and thread-safe; its iterators are not. */
@FunctionalInterface
interface Timetable {

  /** Those after an instant, each later than the one before; maybe without end. */
  Iterator<Instant> after(Instant instant);

  /** Every so many seconds, counted from an instant. */
  static Timetable every(Duration interval, Instant anchor) {
    long seconds = interval.toSeconds();
    long first = anchor.getEpochSecond();
    return instant -> {
      long passed = Math.floorDiv(instant.getEpochSecond() - first, seconds);
      return Stream.iterate(
              Instant.ofEpochSecond(first + (passed + 1) * seconds), next -> next.plus(interval))
          .iterator();
    };
  }
}
