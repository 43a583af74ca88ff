package io.shelfmark.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.pipeline.schedule.Processes.Process;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Schedules on a clock that stands until it is moved; it begins at noon of 2024-05-01 in UTC. */
@Timeout(60)
class ScheduleFiresTest {

  private static final Schedule DAILY = Schedule.daily(LocalTime.of(3, 0), ZoneOffset.UTC);

  @TempDir Path folder;
  private Processes processes;

  @BeforeEach
  void open() {
    processes = new Processes(folder);
  }

  @AfterEach
  void close() {
    processes.close();
  }

  private Process watching(Schedule schedule) {
    Process process = processes.start();
    process.scheduler.schedule(Processes.NIGHTLY, schedule);
    return process;
  }

  @Test
  void schedule_threeProcesses_startOneRunForEachInstant() {
    Process one = watching(DAILY);
    Process two = watching(DAILY);
    Process three = watching(DAILY);
    processes.at("2024-05-02T02:59:59Z", one, two, three);
    assertThat(processes.started()).isEmpty();
    processes.at("2024-05-02T03:00:00Z", two, three, one);
    processes.at("2024-05-02T03:00:01Z", one, two, three);
    assertThat(processes.started()).containsExactly("nightly-20240502-030000");
    processes.endRuns();
    processes.at("2024-05-03T03:00:00Z", three, one, two);
    assertThat(processes.started())
        .containsExactly("nightly-20240502-030000", "nightly-20240503-030000");
    Fire last = one.workspace.fires().history("nightly").get(0);
    assertThat(last.due()).isEqualTo(Instant.parse("2024-05-03T03:00:00Z"));
    assertThat(last.state()).isEqualTo(FireState.STARTED);
    assertThat(last.startedAt()).contains(Instant.parse("2024-05-03T03:00:00Z"));
    assertThat(last.by()).startsWith("process-2/");
    assertThat(last.run().orElseThrow()).hasToString("nightly-20240503-030000");
    assertThat(one.workspace.fires().names()).containsExactly("nightly");
  }

  @Test
  void schedule_nothingDue_asksTheStoreNothing() {
    RequestCount requests = new RequestCount();
    Process process = processes.start(requests::of);
    process.scheduler.schedule(Processes.NIGHTLY, DAILY);
    processes.at("2024-05-02T02:00:00Z", process);
    requests.take();
    processes.during(Duration.ofMinutes(9), process);
    assertThat(requests.take()).isZero();
    processes.at("2024-05-02T03:00:00Z", process);
    // the record, the slot read and taken, the record marked, and a listing every ten minutes
    assertThat(requests.take()).isEqualTo(5);
  }

  @Test
  void schedule_loser_readsTheRecordOnce() {
    RequestCount requests = new RequestCount();
    Process winner = watching(DAILY);
    Process loser = processes.start(requests::of);
    loser.scheduler.schedule(Processes.NIGHTLY, DAILY);
    processes.at("2024-05-02T02:59:00Z", winner, loser);
    processes.at("2024-05-02T03:00:00Z", winner);
    requests.take();
    processes.during(Duration.ofMinutes(5), loser);
    assertThat(requests.take()).as("a claim, a head, a read").isEqualTo(3);
  }

  @Test
  void skip_whileARunGoesOn_leavesARecordThatTellsWhy() {
    Process process = watching(DAILY);
    processes.at("2024-05-02T03:00:00Z", process);
    processes.at("2024-05-03T03:00:00Z", process);
    assertThat(processes.started()).containsExactly("nightly-20240502-030000");
    Fire skipped = process.workspace.fires().history("nightly").get(0);
    assertThat(skipped.state()).isEqualTo(FireState.SKIPPED);
    assertThat(skipped.reason()).contains("run nightly-20240502-030000 went on");
    processes.endRuns();
    processes.at("2024-05-04T03:00:00Z", process);
    assertThat(processes.started()).hasSize(2);
  }

  @Test
  void queueOne_whileARunGoesOn_startsTheLastOneAtItsEnd() {
    Schedule schedule = DAILY.overlap(Overlap.QUEUE_ONE);
    Process one = watching(schedule);
    Process two = watching(schedule);
    processes.at("2024-05-02T03:00:00Z", one, two);
    processes.at("2024-05-03T03:00:00Z", two, one);
    processes.at("2024-05-04T03:00:00Z", one, two);
    processes.during(Duration.ofMinutes(1), one, two);
    assertThat(processes.started()).hasSize(1);
    processes.endRuns();
    processes.during(Duration.ofMinutes(1), one, two);
    assertThat(processes.started())
        .containsExactly("nightly-20240502-030000", "nightly-20240504-030000");
    assertThat(processes.history("nightly"))
        .containsExactly(
            "20240502-030000 STARTED", "20240503-030000 SKIPPED", "20240504-030000 STARTED");
  }

  @Test
  void queueOne_processGone_isStartedByTheNext() {
    Schedule schedule = DAILY.overlap(Overlap.QUEUE_ONE);
    Process first = watching(schedule);
    processes.at("2024-05-02T03:00:00Z", first);
    processes.at("2024-05-03T03:00:00Z", first);
    first.scheduler.close();
    processes.endRuns();
    Process second = watching(schedule);
    processes.during(Duration.ofSeconds(20), second);
    assertThat(processes.started())
        .containsExactly("nightly-20240502-030000", "nightly-20240503-030000");
  }

  @Test
  void allow_whileARunGoesOn_startsAnother() {
    Process process = watching(DAILY.overlap(Overlap.ALLOW));
    processes.at("2024-05-02T03:00:00Z", process);
    processes.at("2024-05-03T03:00:00Z", process);
    assertThat(processes.started()).hasSize(2);
  }

  /** Watches for a day, is away until noon of 2024-05-06, and comes back. */
  private Process backAfterDays(Schedule schedule) {
    Process first = watching(schedule);
    processes.at("2024-05-02T03:00:00Z", first);
    processes.endRuns();
    first.scheduler.close();
    processes.at("2024-05-06T12:00:00Z");
    Process second = watching(schedule);
    second.scheduler.fireDue();
    return second;
  }

  @Test
  void catchUpLatest_afterDays_firesTheLastMissedInstant() {
    Process process = backAfterDays(DAILY);
    assertThat(processes.started())
        .containsExactly("nightly-20240502-030000", "nightly-20240506-030000");
    List<Fire> history = process.workspace.fires().history("nightly");
    assertThat(history.get(1).id()).isEqualTo("20240505-030000");
    assertThat(history.get(1).reason())
        .contains(
            "3 missed from 2024-05-03T03:00:00Z to 2024-05-05T03:00:00Z, noticed at 2024-05-06T12:00:00Z");
    assertThat(history).hasSize(3);
  }

  @Test
  void catchUpSkip_afterDays_firesAgainWithTheNextInstant() {
    Process process = backAfterDays(DAILY.catchUp(CatchUp.skip()));
    assertThat(processes.started()).hasSize(1);
    assertThat(process.workspace.fires().history("nightly").get(0).reason())
        .hasValueSatisfying(why -> assertThat(why).startsWith("4 missed from "));
    processes.at("2024-05-07T03:00:59Z", process);
    assertThat(processes.started()).hasSize(2).contains("nightly-20240507-030000");
  }

  @Test
  void catchUpAll_afterDays_firesTheLastOnesOneAfterAnother() {
    Process process = backAfterDays(DAILY.catchUp(CatchUp.all(3)));
    assertThat(processes.started()).hasSize(2).endsWith("nightly-20240504-030000");
    processes.during(Duration.ofMinutes(1), process);
    assertThat(processes.started()).as("its run goes on").hasSize(2);
    processes.endRuns();
    processes.during(Duration.ofSeconds(10), process);
    assertThat(processes.started()).hasSize(3).endsWith("nightly-20240505-030000");
    processes.endRuns();
    processes.during(Duration.ofSeconds(10), process);
    assertThat(processes.started()).hasSize(4).endsWith("nightly-20240506-030000");
    assertThat(processes.history("nightly"))
        .containsExactly(
            "20240502-030000 STARTED",
            "20240503-030000 SKIPPED",
            "20240504-030000 STARTED",
            "20240505-030000 STARTED",
            "20240506-030000 STARTED");
  }

  @Test
  void schedule_firstWatched_doesNotCatchUpWithEarlierInstants() {
    Process process = watching(DAILY.catchUp(CatchUp.all(10)));
    process.scheduler.fireDue();
    assertThat(processes.history("nightly")).isEmpty();
  }

  @Test
  void schedule_changed_beginsAnew() {
    Process first = watching(DAILY);
    processes.at("2024-05-02T03:00:00Z", first);
    processes.endRuns();
    first.scheduler.close();
    processes.at("2024-05-06T12:00:00Z");
    Process second = watching(Schedule.cron("30 11 * * *", ZoneOffset.UTC));
    second.scheduler.fireDue();
    assertThat(processes.started()).hasSize(1);
    processes.at("2024-05-07T11:30:00Z", second);
    assertThat(processes.started()).hasSize(2).contains("nightly-20240507-113000");
  }

  @Test
  void clock_setBack_firesNothingTwice() {
    Process process = watching(DAILY.overlap(Overlap.ALLOW));
    processes.at("2024-05-02T03:00:00Z", process);
    processes.at("2024-05-02T02:00:00Z", process);
    processes.at("2024-05-02T03:00:00Z", process);
    processes.at("2024-05-01T20:00:00Z", process);
    Process restarted = watching(DAILY.overlap(Overlap.ALLOW));
    processes.at("2024-05-02T03:00:00Z", process, restarted);
    assertThat(processes.started()).containsExactly("nightly-20240502-030000");
    processes.at("2024-05-03T03:00:00Z", process, restarted);
    assertThat(processes.started()).hasSize(2);
  }

  @Test
  void clock_setAYearAheadAndBack_goesOn() {
    Process process = watching(DAILY);
    processes.at("2025-05-02T03:00:30Z", process);
    assertThat(processes.started()).containsExactly("nightly-20250502-030000");
    processes.endRuns();
    processes.at("2024-05-01T13:00:00Z", process);
    processes.at("2024-05-02T03:00:00Z", process);
    assertThat(processes.started()).hasSize(2).contains("nightly-20240502-030000");
    processes.endRuns();
    Process restarted = watching(DAILY);
    processes.at("2024-05-03T03:00:00Z", restarted);
    assertThat(processes.started()).hasSize(3).contains("nightly-20240503-030000");
  }

  @Test
  void schedule_clockOfTheZoneJumps_firesOnce() {
    processes.at("2024-03-09T12:00:00Z");
    Process process = watching(Schedule.daily(LocalTime.of(2, 30), ZoneId.of("America/New_York")));
    processes.at("2024-03-10T06:59:00Z", process);
    assertThat(processes.started()).isEmpty();
    processes.at("2024-03-10T07:00:00Z", process);
    processes.at("2024-03-10T08:00:00Z", process);
    assertThat(processes.started()).containsExactly("nightly-20240310-070000");
  }

  @Test
  void history_long_keepsTheLastOnes() {
    Schedule hourly = Schedule.cron("@hourly", ZoneOffset.UTC).overlap(Overlap.ALLOW);
    Process process = watching(hourly);
    for (int hour = 0; hour < 250; hour++) {
      processes.clock.advance(Duration.ofHours(1));
      process.scheduler.fireDue();
    }
    assertThat(processes.history("nightly"))
        .hasSizeBetween(100, 101)
        .last()
        .asString()
        .isEqualTo("20240511-220000 STARTED");
    assertThat(processes.started()).hasSize(250);
    process.workspace.fires().forget("nightly");
    assertThat(process.workspace.fires().names()).isEmpty();
  }

  @Test
  void store_away_isAskedAgainLater() {
    Process process = watching(DAILY);
    process.store.failAt(1, io.shelfmark.testing.FaultyBlobStore.Fault.FAIL);
    processes.at("2024-05-02T03:00:00Z", process);
    assertThat(processes.started()).isEmpty();
    processes.at("2024-05-02T03:00:01Z", process);
    assertThat(processes.started()).as("not at once").isEmpty();
    processes.at("2024-05-02T03:00:02Z", process);
    assertThat(processes.started()).containsExactly("nightly-20240502-030000");
  }

  @Test
  void schedule_wrongName_isRefused() {
    Process process = watching(DAILY);
    assertThatThrownBy(() -> process.scheduler.schedule(Processes.NIGHTLY, DAILY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot watch for nightly: found nightly of pipeline nightly at cron 0 3 * * * in Z, expected a name of its own for each schedule and trigger");
    assertThatThrownBy(() -> process.scheduler.schedule("a/b", Processes.NIGHTLY, DAILY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot name a schedule «a/b»");
    process.scheduler.close();
    process.scheduler.close();
    assertThatThrownBy(() -> process.scheduler.schedule("other", Processes.NIGHTLY, DAILY))
        .isInstanceOf(IllegalStateException.class);
    processes.at("2024-05-02T03:00:00Z", process);
    assertThat(processes.started()).isEmpty();
  }

  @Test
  void schedule_longName_givesRunsOfTheirOwn() {
    Process process = processes.start();
    String name = "n".repeat(79);
    process.scheduler.schedule(name + "1", Processes.NIGHTLY, DAILY);
    process.scheduler.schedule(name + "2", Processes.NIGHTLY, DAILY);
    processes.at("2024-05-02T03:00:00Z", process);
    assertThat(processes.started()).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void schedule_afterManyEventsByHandAndARestart_doesNotFireAgain() {
    Schedule schedule = DAILY.overlap(Overlap.ALLOW).catchUp(CatchUp.latest());
    Process first = processes.start();
    Watch watch = first.scheduler.schedule(Processes.NIGHTLY, schedule);
    processes.at("2024-05-02T03:00:00Z", first);
    for (int i = 0; i < 150; i++) {
      watch.fire("by hand " + i, Map.of());
      processes.clock.advance(Duration.ofMillis(10));
    }
    processes.during(Duration.ofMinutes(11), first);
    assertThat(watch.history()).hasSizeLessThan(120);
    first.scheduler.close();
    Process second = watching(schedule);
    processes.during(Duration.ofMinutes(1), second);
    assertThat(second.workspace.fires().history("nightly"))
        .filteredOn(fire -> fire.id().equals("20240502-030000"))
        .singleElement()
        .satisfies(fire -> assertThat(fire.by()).startsWith("process-0/"));
  }
}
