package io.shelfmark.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  private static List<String> next(Schedule schedule, String after, int count) {
    return schedule.next(Instant.parse(after), count).stream().map(Instant::toString).toList();
  }

  @Test
  void daily_timeThatTheClockSkips_firesWhenItJumps() {
    Schedule schedule = Schedule.daily(LocalTime.of(2, 30), NEW_YORK);
    assertThat(next(schedule, "2024-03-09T12:00:00Z", 2))
        .containsExactly("2024-03-10T07:00:00Z", "2024-03-11T06:30:00Z");
  }

  @Test
  void daily_timeThatTheClockShowsTwice_firesTheFirstTime() {
    Schedule schedule = Schedule.daily(LocalTime.of(1, 30), NEW_YORK);
    assertThat(next(schedule, "2024-11-02T12:00:00Z", 2))
        .containsExactly("2024-11-03T05:30:00Z", "2024-11-04T06:30:00Z");
  }

  @Test
  void cron_everyHour_firesInEachHourThatPasses() {
    Schedule schedule = Schedule.cron("30 * * * *", NEW_YORK);
    assertThat(next(schedule, "2024-03-10T06:00:00Z", 2))
        .as("02:30 is skipped")
        .containsExactly("2024-03-10T06:30:00Z", "2024-03-10T07:30:00Z");
    assertThat(next(schedule, "2024-11-03T05:00:00Z", 3))
        .as("01:30 comes twice")
        .containsExactly("2024-11-03T05:30:00Z", "2024-11-03T06:30:00Z", "2024-11-03T07:30:00Z");
  }

  @Test
  void cron_29February_waitsForIt() {
    Schedule schedule = Schedule.cron("0 12 29 2 *", ZoneOffset.UTC);
    assertThat(next(schedule, "2096-03-01T00:00:00Z", 2))
        .as("2100 is no leap year")
        .containsExactly("2104-02-29T12:00:00Z", "2108-02-29T12:00:00Z");
  }

  @Test
  void every_restarted_keepsItsInstants() {
    Schedule schedule = Schedule.every(Duration.ofMinutes(90));
    List<String> all = next(schedule, "2024-03-10T06:00:00Z", 4);
    assertThat(all.get(0)).isEqualTo("2024-03-10T07:30:00Z");
    assertThat(next(schedule, all.get(1), 2)).isEqualTo(all.subList(2, 4));
    assertThat(next(schedule.from(Instant.parse("2024-03-10T06:10:00Z")), all.get(0), 1))
        .containsExactly("2024-03-10T07:40:00Z");
  }

  @Test
  void schedule_startAndEnd_limitItsInstants() {
    Schedule schedule =
        Schedule.cron("@daily", ZoneOffset.UTC)
            .from(Instant.parse("2024-05-02T00:00:00Z"))
            .until(Instant.parse("2024-05-04T00:00:00Z"));
    assertThat(next(schedule, "2024-01-01T00:00:00Z", 9))
        .containsExactly("2024-05-02T00:00:00Z", "2024-05-03T00:00:00Z");
    assertThat(next(schedule, "2024-05-03T00:00:00Z", 9)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0 0 * * 7, 0 0 * * SUN",
    "5/20 * * * *, '5,25,45 * * * *'",
    "0 0 * jan-mar/2 *, '0 0 * 1,3 *'",
    "@weekly, 0 0 * * 0",
    "0 0 * * *, '0 0 * * 0-6'",
  })
  void cron_sameInOtherWords_firesAtTheSameInstants(String one, String other) {
    Instant now = Instant.parse("2024-05-01T00:00:00Z");
    assertThat(Schedule.cron(one, NEW_YORK).next(now, 50))
        .isEqualTo(Schedule.cron(other, NEW_YORK).next(now, 50));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 8",
        "5-1 * * * *",
        "*/0 * * * *",
        "a * * * *",
        "1,,2 * * * *",
        "* * L * *",
        "0 0 30 2 *",
        "0 0 31 4,6 *",
        "-1 * * * *",
        "1- * * * *",
        "* * * MON *",
        "@never"
      })
  void cron_nonsense_isRefused(String expression) {
    assertThatThrownBy(() -> Schedule.cron(expression, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read cron expression «" + expression + "»: found ");
  }

  @Test
  void schedule_nonsense_isRefused() {
    assertThatThrownBy(() -> Schedule.daily(LocalTime.of(3, 0, 1), ZoneOffset.UTC))
        .hasMessage("Cannot schedule at 03:00:01: expected a time of whole minutes");
    assertThatThrownBy(() -> Schedule.every(Duration.ofMillis(500)))
        .hasMessage("Cannot schedule every PT0.5S: expected whole seconds, 1 or more");
    assertThatThrownBy(() -> CatchUp.all(0))
        .hasMessage("Cannot catch up with 0 instants: expected 1 or more, or CatchUp.skip()");
  }
}
