package io.shelfmark.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.shelfmark.pipeline.schedule.Processes.Process;
import io.shelfmark.testing.FaultyBlobStore.Fault;
import io.shelfmark.testing.FaultyBlobStore.Killed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One fire, and a fault at each write and around the start of its run. */
@Timeout(60)
class FireFaultsTest {

  private static final Schedule DAILY = Schedule.daily(LocalTime.of(3, 0), ZoneOffset.UTC);

  @TempDir Path folder;

  /** The process in which the run is started dies. */
  private static final class Dead extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static Process watching(Processes processes, Overlap overlap) {
    Process process = processes.start();
    process.scheduler.schedule(Processes.NIGHTLY, DAILY.overlap(overlap));
    return process;
  }

  private static void finish(Processes processes, Process... left) {
    processes.during(Duration.ofSeconds(45), left);
    assertThat(processes.started()).containsExactly("nightly-20240502-030000");
    assertThat(processes.history("nightly")).containsExactly("20240502-030000 STARTED");
    processes.endRuns();
    processes.at("2024-05-03T03:00:00Z", left);
    processes.during(Duration.ofSeconds(45), left);
    assertThat(processes.started()).as("the next one").hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(Overlap.class)
  void kill_aroundEachWrite_anotherStartsTheRun(Overlap overlap) {
    int writes = 0;
    for (Fault fault : new Fault[] {Fault.KILL_BEFORE, Fault.KILL_AFTER}) {
      for (int write = 1; ; write++) {
        try (Processes processes = new Processes(folder)) {
          Process killed = watching(processes, overlap);
          Process other = watching(processes, overlap);
          killed.store.failAt(write, fault);
          Throwable death = catchThrowable(() -> processes.at("2024-05-02T03:00:00Z", killed));
          if (death == null) {
            break;
          }
          assertThat(death).isInstanceOf(Killed.class);
          writes++;
          finish(processes, other);
        }
      }
    }
    assertThat(writes)
        .as("claim, mark and, unless they may overlap, the slot")
        .isEqualTo(overlap == Overlap.ALLOW ? 4 : 6);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void kill_aroundEachWrite_aProcessThatComesLaterStartsTheRun(Fault fault) {
    for (int write = 1; write <= 3; write++) {
      try (Processes processes = new Processes(folder)) {
        Process killed = watching(processes, Overlap.SKIP);
        killed.store.failAt(write, fault);
        Throwable death = catchThrowable(() -> processes.at("2024-05-02T03:00:00Z", killed));
        killed.scheduler.close();
        assertThat(death == null || death instanceof Killed).isTrue();
        processes.during(Duration.ofHours(1));
        finish(processes, watching(processes, Overlap.SKIP));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"FAIL", "LOSE_REPLY", "REPEAT"})
  void fault_atEachWrite_theSameProcessGoesOn(Fault fault) {
    for (int write = 1; write <= 3; write++) {
      try (Processes processes = new Processes(folder)) {
        Process process = watching(processes, Overlap.SKIP);
        process.store.failAt(write, fault);
        processes.at("2024-05-02T03:00:00Z", process);
        finish(processes, process);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void kill_aroundTheStart_anotherStartsTheRunOrFindsIt(boolean before) {
    try (Processes processes = new Processes(folder)) {
      Process killed = watching(processes, Overlap.SKIP);
      Process other = watching(processes, Overlap.SKIP);
      Runnable death =
          () -> {
            throw new Dead();
          };
      killed.runner.around(before ? death : () -> {}, before ? () -> {} : death);
      assertThat(catchThrowable(() -> processes.at("2024-05-02T03:00:00Z", killed)))
          .isInstanceOf(Dead.class);
      assertThat(processes.started()).hasSize(before ? 0 : 1);
      processes.at("2024-05-02T03:00:29Z", other);
      assertThat(processes.history("nightly")).containsExactly("20240502-030000 CLAIMED");
      finish(processes, other);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void start_slowerThanTheTakeover_isTheSameRun(boolean before) {
    try (Processes processes = new Processes(folder)) {
      Process slow = watching(processes, Overlap.SKIP);
      Process other = watching(processes, Overlap.SKIP);
      Runnable meanwhile =
          () -> {
            processes.during(Duration.ofSeconds(45), other);
            assertThat(processes.history("nightly")).containsExactly("20240502-030000 STARTED");
          };
      slow.runner.around(before ? meanwhile : () -> {}, before ? () -> {} : meanwhile);
      processes.at("2024-05-02T03:00:00Z", slow);
      slow.runner.around(() -> {}, () -> {});
      finish(processes, slow, other);
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void events_gathered_faultAtEachWrite_startOneRun(Fault fault) {
    for (int write = 1; write <= 12; write++) {
      try (Processes processes = new Processes(folder)) {
        Trigger trigger = Trigger.calls().debounce(Duration.ofMinutes(1)).set("data", "file");
        Process one = processes.start();
        Process two = processes.start();
        Watch faulty = one.scheduler.trigger(Processes.NIGHTLY, trigger);
        Watch other = two.scheduler.trigger(Processes.NIGHTLY, trigger);
        one.store.failAt(write, fault);
        for (String event : new String[] {"a", "b", "c"}) {
          // who is told nothing tells another process, as senders of web hooks do
          Map<String, String> values = Map.of("file", event);
          if (catchThrowable(() -> faulty.fire(event, values)) != null) {
            other.fire(event, values);
          }
          processes.clock.advance(Duration.ofSeconds(1));
        }
        for (int i = 0; i < 30; i++) {
          processes.during(Duration.ofSeconds(7), two);
          Throwable death = catchThrowable(one.scheduler::fireDue);
          assertThat(death == null || death instanceof Killed).isTrue();
        }
        assertThat(processes.started()).as("%s at write %d", fault, write).hasSize(1);
        assertThat(processes.runs.parameter(processes.started().get(0), "data")).isEqualTo("c");
        assertThat(processes.history("nightly"))
            .extracting(line -> line.substring(line.indexOf(' ') + 1))
            .containsExactly("STARTED", "JOINED", "JOINED");
      }
    }
  }
}
