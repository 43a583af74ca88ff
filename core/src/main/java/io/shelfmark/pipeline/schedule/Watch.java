package io.shelfmark.pipeline.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schedule or trigger that a {@link Scheduler} watches. Get one from {@link Scheduler#schedule}
 * or {@link Scheduler#trigger}. Thread-safe.
 */
public final class Watch {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Duration RECHECK = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final String name;
  private final String text;
  private final Fires fires;
  private final FireLog log;
  private final Firing firing;
  private final Look look;
  private final Clock clock;
  private final String self;
  private final int historyLimit;
  private final Duration sweepInterval;

  /** Guarded by this, as the look and the firing are. */
  private Instant nextRecheck = Instant.MIN;

  private Instant nextSweep;
  private Instant pausedUntil = Instant.MIN;
  private int failures;
  private boolean stopped;

  /** What a watch needs, put together by the scheduler. */
  record Parts(
      String name,
      String text,
      Fires fires,
      Firing firing,
      Look look,
      String self,
      int historyLimit,
      Duration sweepInterval) {}

  Watch(Parts parts) {
    name = parts.name();
    text = parts.text();
    fires = parts.fires();
    log = fires.log(name);
    firing = parts.firing();
    look = parts.look();
    clock = fires.context().clock();
    self = parts.self();
    historyLimit = parts.historyLimit();
    sweepInterval = parts.sweepInterval();
    nextSweep = clock.instant().plus(sweepInterval);
  }

  /** Its name, which its records and runs begin with. */
  public String name() {
    return name;
  }

  /**
   * Fires at an event, besides what is watched for: from a web hook, a queue, by hand. One run for
   * each id, however often and from however many processes it is told; a policy may make it wait or
   * skip it.
   *
   * @param eventId unlike that of every other event of this name, such as the sender's
   * @param values what the event says, for the parameters that are set from it
   * @return what became of it so far
   * @throws IllegalStateException when the scheduler is closed
   * @throws io.shelfmark.ShelfmarkException when it is not known whether it fires: tell it again
   */
  public Fire fire(String eventId, Map<String, String> values) {
    Objects.requireNonNull(eventId, "eventId");
    Instant now = clock.instant();
    Fire claim =
        Fire.claimed(name, FireIds.told(eventId), now, now, self).event(values, List.of(eventId));
    synchronized (this) {
      if (stopped) {
        throw new IllegalStateException("the scheduler of " + text + " is closed");
      }
      return firing.fire(claim);
    }
  }

  /** What became of its instants and events, the last due first. */
  public List<Fire> history() {
    return fires.history(name);
  }

  /** Does what is due; cheap when nothing is. What fails is tried again a little later. */
  synchronized void tick(Instant now) {
    if (stopped || isAhead(pausedUntil, now, LONGEST_PAUSE)) {
      return;
    }
    try {
      if (firing.hasOpen() && !isAhead(nextRecheck, now, RECHECK)) {
        nextRecheck = now.plus(RECHECK);
        firing.recheck(now);
      }
      look.look(now);
      if (!isAhead(nextSweep, now, sweepInterval)) {
        nextSweep = now.plus(sweepInterval);
        firing.sweep(log.records(), historyLimit);
      }
      failures = 0;
    } catch (RuntimeException e) {
      failures++;
      Duration pause = Duration.ofSeconds(1L << Math.min(failures, 6));
      pausedUntil = now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
      LOG.warn("Cannot go on with {} now, again at {}", text, pausedUntil, e);
    }
  }

  /** Whether a time is to be waited for; not if the clock was set back since it was chosen. */
  private static boolean isAhead(Instant time, Instant now, Duration longest) {
    return now.isBefore(time) && !time.isAfter(now.plus(longest));
  }

  synchronized void stop() {
    stopped = true;
  }

  @Override
  public String toString() {
    return text;
  }
}
