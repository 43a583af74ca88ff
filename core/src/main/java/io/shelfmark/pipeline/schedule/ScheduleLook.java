package io.shelfmark.pipeline.schedule;

import io.shelfmark.storage.BlobInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instants of a schedule. As long as none is due it asks nobody. Where it stands is in the
 * store: the last instant that has a record, which every process that watches sees.
 *
 * <p>A clock that is set back makes instants due again: they have records, so they do not fire. One
 * that is set forward makes instants look missed, which the catch-up policy decides on.
 */
final class ScheduleLook implements Look {

  /** What is noticed later than that was missed. */
  static final Duration ON_TIME = Duration.ofMinutes(1);

  /** How often it looks whether an instant to be caught up with can start. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Schedule schedule;
  private final Firing firing;
  private final FireLog log;
  private final String name;
  private final String self;

  /** All instants up to it are settled, or looked after by the firing. */
  private Instant position;

  private @Nullable Instant next;
  private Instant notBefore = Instant.MIN;

  ScheduleLook(
      String name, Schedule schedule, Firing firing, FireLog log, String self, Instant position) {
    this.name = name;
    this.schedule = schedule;
    this.firing = firing;
    this.log = log;
    this.self = self;
    this.position = position;
    this.next = following();
  }

  /** The last instant on record that is not ahead of the clock. */
  static Optional<Instant> lastOf(List<BlobInfo> records, Instant now) {
    return records.stream()
        .map(FireLog::id)
        .map(FireIds::instant)
        .flatMap(Optional::stream)
        .filter(due -> !due.isAfter(now))
        .max(Instant::compareTo);
  }

  private @Nullable Instant following() {
    Iterator<Instant> instants = schedule.after(position);
    return instants.hasNext() ? instants.next() : null;
  }

  private void moveTo(Instant due) {
    position = due;
    next = following();
  }

  @Override
  public void look(Instant now) {
    if (now.isBefore(position)) {
      moveTo(now);
    }
    if (next == null || now.isBefore(next)) {
      return;
    }
    boolean waits = now.isBefore(notBefore) && !notBefore.isAfter(now.plus(PATIENCE));
    if (waits) {
      return;
    }
    Due due = due(now);
    boolean isInLine = !notBefore.equals(Instant.MIN);
    notBefore = Instant.MIN;
    if (!isInLine && due.missed + due.instants.size() > 1) {
      // others may have been awake
      lastOf(log.records(), now).filter(position::isBefore).ifPresent(this::moveTo);
      due = due(now);
    }
    fire(due, now);
  }

  /** What is due. */
  private static final class Due {
    private final Deque<Instant> instants = new ArrayDeque<>();
    private long missed;
    private @Nullable Instant firstMissed;
    private @Nullable Instant lastMissed;

    private void missOldest() {
      lastMissed = instants.removeFirst();
      firstMissed = firstMissed == null ? lastMissed : firstMissed;
      missed++;
    }
  }

  private Due due(Instant now) {
    CatchUp policy = schedule.catchUp();
    Due due = new Due();
    Iterator<Instant> instants = schedule.after(position);
    while (instants.hasNext()) {
      Instant instant = instants.next();
      if (instant.isAfter(now)) {
        break;
      }
      due.instants.add(instant);
      if (due.instants.size() > policy.limit()) {
        due.missOldest();
      }
    }
    while (!policy.late() && !due.instants.isEmpty() && isLate(due.instants.getFirst(), now)) {
      due.missOldest();
    }
    return due;
  }

  private static boolean isLate(Instant due, Instant now) {
    return due.isBefore(now.minus(ON_TIME));
  }

  private void fire(Due due, Instant now) {
    if (due.lastMissed != null) {
      firing.miss(
          claim(due.lastMissed, now),
          due.missed == 1
              ? "missed, noticed at %s".formatted(now)
              : "%d missed from %s to %s, noticed at %s"
                  .formatted(due.missed, due.firstMissed, due.lastMissed, now));
      moveTo(due.lastMissed);
    }
    for (Instant instant : due.instants) {
      boolean inLine = schedule.catchUp().limit() > 1 && isLate(instant, now);
      if (inLine && !firing.isFree()) {
        // those that are caught up with run one after another
        notBefore = now.plus(PATIENCE);
        return;
      }
      firing.fire(claim(instant, now));
      moveTo(instant);
    }
  }

  private Fire claim(Instant due, Instant now) {
    return Fire.claimed(name, FireIds.of(due), due, now, self);
  }
}
