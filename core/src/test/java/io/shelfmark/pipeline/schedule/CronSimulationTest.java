package io.shelfmark.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.pipeline.schedule.WallClockOracle.Question;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten years of each zone, minute by minute, and random expressions around random changes. */
class CronSimulationTest {

  private static final Map<String, Question> QUESTIONS = new LinkedHashMap<>();

  static {
    put("30 2 * * *", false, t -> t.getHour() == 2 && t.getMinute() == 30);
    put("0 0 * * *", false, t -> t.getHour() == 0 && t.getMinute() == 0);
    put("45 1 * * *", false, t -> t.getHour() == 1 && t.getMinute() == 45);
    put("*/20 1-3 * * *", false, t -> within(t, 1, 3) && t.getMinute() % 20 == 0);
    put("0 */2 * * *", false, t -> t.getHour() % 2 == 0 && t.getMinute() == 0);
    put("15,40 * * * *", true, t -> t.getMinute() == 15 || t.getMinute() == 40);
    put("* * 29 2 *", true, t -> t.getMonthValue() == 2 && t.getDayOfMonth() == 29);
    put("30 23 31 * *", false, t -> at(t, 23, 30) && t.getDayOfMonth() == 31);
    put("0 3 * * SUN", false, t -> at(t, 3, 0) && t.getDayOfWeek() == DayOfWeek.SUNDAY);
    put(
        "0 2 1 * MON-WED",
        false,
        t -> at(t, 2, 0) && (t.getDayOfMonth() == 1 || t.getDayOfWeek().getValue() <= 3));
    put(
        "30 0 25-31 3,10 7",
        false,
        t ->
            at(t, 0, 30)
                && (t.getMonthValue() == 3 || t.getMonthValue() == 10)
                && (t.getDayOfMonth() >= 25
                    || t.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY)).equals(t)));
  }

  private static void put(String expression, boolean eachHour, Predicate<LocalDateTime> times) {
    QUESTIONS.put(expression, new Question(times, eachHour));
  }

  private static boolean at(LocalDateTime time, int hour, int minute) {
    return time.getHour() == hour && time.getMinute() == minute;
  }

  private static boolean within(LocalDateTime time, int first, int last) {
    return time.getHour() >= first && time.getHour() <= last;
  }

  private static List<Instant> between(Schedule schedule, Instant from, Instant to) {
    List<Instant> instants = new ArrayList<>();
    Iterator<Instant> all = schedule.from(from).until(to).after(Instant.EPOCH);
    all.forEachRemaining(instants::add);
    return instants;
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Moscow, 2010", // a gap in 2011 that lasted, an offset moved back in 2014
    "America/New_York, 2015",
    "Australia/Lord_Howe, 2014", // half an hour
    "Africa/Casablanca, 2011", // back and forth around Ramadan
    "Pacific/Apia, 2005", // a whole day skipped
    "Asia/Pyongyang, 2012", // moved by half an hour and back
    "America/Sao_Paulo, 2012", // a gap at midnight
    "America/Havana, 2012", // midnight twice
    "Europe/Volgograd, 2012", // moved in 2018 and 2020
  })
  @Timeout(60)
  void cron_tenYearsOfAZone_firesWhenTheWallClockShowsIt(String id, int year) {
    ZoneId zone = ZoneId.of(id);
    Instant from = Instant.parse(year + "-01-01T00:00:00Z");
    Instant to = Instant.parse(year + 10 + "-01-01T00:00:00Z");
    List<List<Instant>> expected =
        WallClockOracle.ask(zone, from, to, List.copyOf(QUESTIONS.values()));
    int i = 0;
    for (String expression : QUESTIONS.keySet()) {
      assertThat(between(Schedule.cron(expression, zone), from, to))
          .as("%s in %s", expression, zone)
          .isEqualTo(expected.get(i++));
    }
  }

  @Property(tries = 300)
  void cron_anyZoneAroundAChange_firesWhenTheWallClockShowsIt(
      @ForAll("changedZones") ZoneId zone,
      @ForAll @IntRange(max = 9_999) int pick,
      @ForAll("minutes") Set<Integer> minutes,
      @ForAll("hours") Set<Integer> hours) {
    Instant middle = changeOf(zone, pick);
    Instant from = middle.minus(Duration.ofHours(50));
    Instant to = middle.plus(Duration.ofHours(50));
    boolean eachHour = hours.isEmpty();
    Question question =
        new Question(
            time ->
                minutes.contains(time.getMinute()) && (eachHour || hours.contains(time.getHour())),
            eachHour);
    String expression = "%s %s * * *".formatted(list(minutes), eachHour ? "*" : list(hours));
    assertThat(between(Schedule.cron(expression, zone), from, to))
        .as("%s in %s around %s", expression, zone, middle)
        .isEqualTo(WallClockOracle.ask(zone, from, to, List.of(question)).get(0));
  }

  private static String list(Set<Integer> values) {
    return new TreeSet<>(values).stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static Instant changeOf(ZoneId zone, int pick) {
    List<Instant> changes = new ArrayList<>();
    ZoneOffsetTransition next =
        zone.getRules().nextTransition(Instant.parse("1975-01-01T00:00:00Z"));
    while (next != null && next.getInstant().isBefore(Instant.parse("2040-01-01T00:00:00Z"))) {
      changes.add(next.getInstant());
      next = zone.getRules().nextTransition(next.getInstant());
    }
    return changes.get(pick % changes.size());
  }

  @Provide
  Arbitrary<ZoneId> changedZones() {
    Instant since = Instant.parse("1975-01-01T00:00:00Z");
    return Arbitraries.of(
        ZoneId.getAvailableZoneIds().stream()
            .sorted()
            .map(ZoneId::of)
            .filter(zone -> zone.getRules().nextTransition(since) != null)
            .filter(zone -> WallClockOracle.isMinuteWise(zone, since))
            .toList());
  }

  @Provide
  Arbitrary<Set<Integer>> minutes() {
    return Arbitraries.integers().between(0, 59).set().ofMinSize(1).ofMaxSize(4);
  }

  @Provide
  Arbitrary<Set<Integer>> hours() {
    return Arbitraries.integers().between(0, 23).set().ofMaxSize(5);
  }
}
