package io.shelfmark.pipeline.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.TreeSet;

/**
 * The instants at which the wall clock of a zone shows what a cron expression says.
 *
 * <p>With an hour field of {@code *} each hour that passes counts: a time that the clock skips is
 * skipped, one that it shows twice fires twice. With any other hour field each time of the day
 * fires once: one that the clock skips fires when it jumps, one that it shows twice fires the first
 * time.
 */
record CronTimetable(CronFields fields, ZoneId zone) implements Timetable {

  /** Some years from now at most is the next instant; 29 February comes every 8 years at least. */
  private static final int LONGEST_WAIT_DAYS = 366 * 50;

  /** No offset is larger. */
  private static final Duration LARGEST_OFFSET = Duration.ofHours(18);

  @Override
  public Iterator<Instant> after(Instant instant) {
    return new Instants(instant);
  }

  private void addAll(LocalDate date, NavigableSet<Instant> instants) {
    if (!fields.hasDay(date)) {
      return;
    }
    ZoneRules rules = zone.getRules();
    for (int hour = 0; hour < 24; hour++) {
      for (int minute = 0; CronFields.has(fields.hours(), hour) && minute < 60; minute++) {
        if (CronFields.has(fields.minutes(), minute)) {
          add(date.atTime(hour, minute), rules, instants);
        }
      }
    }
  }

  private void add(LocalDateTime time, ZoneRules rules, NavigableSet<Instant> instants) {
    List<ZoneOffset> offsets = rules.getValidOffsets(time);
    if (offsets.isEmpty()) {
      if (!fields.everyHour()) {
        instants.add(rules.getTransition(time).getInstant());
      }
      return;
    }
    int count = fields.everyHour() ? offsets.size() : 1;
    // the earlier instant is that of the larger offset, which comes first
    offsets.subList(0, count).forEach(offset -> instants.add(time.toInstant(offset)));
  }

  /**
   * Goes from day to day. An instant is given out when no later day can have an earlier one:
   * changes around midnight mix the instants of two days.
   */
  private final class Instants implements Iterator<Instant> {

    private final NavigableSet<Instant> known = new TreeSet<>();
    private Instant last;
    private LocalDate day;

    Instants(Instant after) {
      last = after;
      day = LocalDate.ofInstant(after, ZoneOffset.UTC).minusDays(2);
    }

    @Override
    public boolean hasNext() {
      for (int days = 0; days < LONGEST_WAIT_DAYS; days++) {
        known.headSet(last, true).clear();
        Instant complete = day.atStartOfDay().toInstant(ZoneOffset.UTC).minus(LARGEST_OFFSET);
        if (!known.isEmpty() && known.first().isBefore(complete)) {
          return true;
        }
        addAll(day, known);
        day = day.plusDays(1);
      }
      return !known.isEmpty();
    }

    @Override
    public Instant next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no instant for 50 years");
      }
      last = known.first();
      return last;
    }
  }
}
