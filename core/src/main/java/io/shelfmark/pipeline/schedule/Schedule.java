package io.shelfmark.pipeline.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * At which instants a pipeline runs. Give one to {@link Scheduler#schedule}. Without more said the
 * last of the instants that were missed is caught up with, and none fires while the run of an
 * earlier one goes on. Immutable and thread-safe.
 *
 * <pre>{@code
 * Schedule.daily(LocalTime.of(3, 0), ZoneId.of("Europe/Moscow"))
 * Schedule.cron("0,30 8-20 * * MON-FRI", zone).catchUp(CatchUp.skip()).overlap(Overlap.ALLOW)
 * }</pre>
 */
public final class Schedule {

  private final String text;
  private final Timetable timetable;
  private final CatchUp catchUp;
  private final Overlap overlap;
  private final Optional<Instant> from;
  private final Optional<Instant> until;

  private Schedule(
      String text,
      Timetable timetable,
      CatchUp catchUp,
      Overlap overlap,
      Optional<Instant> from,
      Optional<Instant> until) {
    this.text = text;
    this.timetable = timetable;
    this.catchUp = catchUp;
    this.overlap = overlap;
    this.from = from;
    this.until = until;
  }

  private static Schedule of(String text, Timetable timetable) {
    return new Schedule(
        text, timetable, CatchUp.latest(), Overlap.SKIP, Optional.empty(), Optional.empty());
  }

  /**
   * When the wall clock of a zone shows what a cron expression says: minute, hour, day of the
   * month, month, day of the week, each a number, a name ({@code MON}, {@code JAN}), a range, a
   * list, {@code *}, any of them with a step ({@code *}{@code /15}). {@code @hourly}, {@code
   * @daily}, {@code @weekly}, {@code @monthly} and {@code @yearly} are known. When both day fields
   * are restricted, either is enough.
   *
   * <p>With an hour of {@code *} it fires in each hour that passes. With any other hour it fires
   * once for each time of a day: for one that the clock skips when it jumps, for one that it shows
   * twice the first time.
   *
   * @throws IllegalArgumentException when the expression cannot be read, or no day ever fits
   */
  public static Schedule cron(String expression, ZoneId zone) {
    Objects.requireNonNull(zone, "zone");
    return of(
        "cron %s in %s".formatted(expression, zone),
        new CronTimetable(CronFields.parse(expression), zone));
  }

  /**
   * Each day at a time of the wall clock of a zone.
   *
   * @throws IllegalArgumentException when the time has seconds
   */
  public static Schedule daily(LocalTime time, ZoneId zone) {
    if (time.getSecond() != 0 || time.getNano() != 0) {
      throw new IllegalArgumentException(
          "Cannot schedule at %s: expected a time of whole minutes".formatted(time));
    }
    return cron("%d %d * * *".formatted(time.getMinute(), time.getHour()), zone);
  }

  /**
   * At a fixed rate, whatever the wall clock shows: counted from the schedule's {@link #from}, else
   * from the beginning of 1970 in UTC, so that a restart changes nothing.
   *
   * @param interval whole seconds, 1 or more
   * @throws IllegalArgumentException when it is anything else
   */
  public static Schedule every(Duration interval) {
    if (interval.toSeconds() < 1 || !interval.equals(Duration.ofSeconds(interval.toSeconds()))) {
      throw new IllegalArgumentException(
          "Cannot schedule every %s: expected whole seconds, 1 or more".formatted(interval));
    }
    return of("every " + interval, new Rate(interval, Instant.EPOCH));
  }

  /** A fixed rate, which another start shifts. */
  private record Rate(Duration interval, Instant anchor) implements Timetable {
    @Override
    public Iterator<Instant> after(Instant instant) {
      return Timetable.every(interval, anchor).after(instant);
    }
  }

  /** With what becomes of instants that nobody watched for. */
  public Schedule catchUp(CatchUp value) {
    return new Schedule(
        text, timetable, Objects.requireNonNull(value, "value"), overlap, from, until);
  }

  /** With what becomes of a fire while the run of an earlier one goes on. */
  public Schedule overlap(Overlap value) {
    return new Schedule(
        text, timetable, catchUp, Objects.requireNonNull(value, "value"), from, until);
  }

  /** With no instant before this one, to the second. */
  public Schedule from(Instant start) {
    Instant second = Instant.ofEpochSecond(start.getEpochSecond());
    Timetable shifted =
        timetable instanceof Rate rate ? new Rate(rate.interval(), second) : timetable;
    return new Schedule(text, shifted, catchUp, overlap, Optional.of(second), until);
  }

  /** With no instant at or after this one. */
  public Schedule until(Instant end) {
    return new Schedule(text, timetable, catchUp, overlap, from, Optional.of(end));
  }

  /** The next instants after one: what would fire, as a dry listing. Less when it ends before. */
  public List<Instant> next(Instant after, int count) {
    List<Instant> instants = new ArrayList<>();
    Iterator<Instant> all = after(after);
    while (instants.size() < count && all.hasNext()) {
      instants.add(all.next());
    }
    return List.copyOf(instants);
  }

  /** The instants after one, in order. */
  Iterator<Instant> after(Instant after) {
    Instant beforeFirst = from.map(start -> start.minusNanos(1)).orElse(Instant.MIN);
    Iterator<Instant> all = timetable.after(after.isBefore(beforeFirst) ? beforeFirst : after);
    return until.<Iterator<Instant>>map(end -> new Ending(all, end)).orElse(all);
  }

  CatchUp catchUp() {
    return catchUp;
  }

  Overlap overlap() {
    return overlap;
  }

  /** What it is, in words. */
  @Override
  public String toString() {
    return text
        + from.map(start -> " from " + start).orElse("")
        + until.map(end -> " until " + end).orElse("");
  }
}
