package io.shelfmark.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.pipeline.schedule.Processes.Process;
import io.shelfmark.pipeline.schedule.WallClockOracle.Question;
import io.shelfmark.testing.FaultyBlobStore.Fault;
import io.shelfmark.testing.FaultyBlobStore.Killed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ten years of processes that come, go and are killed while they fire, on a clock that is set back
 * and forth now and then: each day has its run, once.
 */
class TenYearsTest {

  @TempDir Path folder;
  private final Random random = new Random(7);

  @ParameterizedTest
  @CsvSource({"Europe/Moscow, 2010", "Africa/Casablanca, 2011"})
  @Timeout(60)
  void daily_tenYears_firesOnceEachDay(String id, int year) {
    ZoneId zone = ZoneId.of(id);
    Schedule schedule =
        Schedule.daily(LocalTime.of(2, 15), zone)
            .catchUp(CatchUp.all(1_000))
            .overlap(Overlap.ALLOW);
    Instant from = Instant.parse(year + "-01-01T00:00:00Z");
    Instant to = Instant.parse(year + 10 + "-01-01T00:00:00Z");
    try (Processes processes = new Processes(folder)) {
      processes.at(from.toString());
      List<Process> alive = new ArrayList<>(List.of(start(processes, schedule)));
      Instant latest = from;
      while (latest.isBefore(to)) {
        processes.clock.advance(step());
        if (processes.clock.instant().isAfter(latest)) {
          latest = processes.clock.instant();
        }
        if (alive.isEmpty() || alive.size() < 3 && random.nextInt(20) == 0) {
          alive.add(start(processes, schedule));
        }
        alive.removeIf(process -> look(process) || random.nextInt(200) == 0);
      }
      // what a killed process claimed is taken over
      Process last = start(processes, schedule);
      processes.during(Duration.ofMinutes(1), last);
      List<String> expected =
          WallClockOracle.ask(
                  zone,
                  from,
                  latest,
                  List.of(new Question(t -> t.getHour() == 2 && t.getMinute() == 15, false)))
              .get(0)
              .stream()
              .map(due -> "nightly-" + FireIds.of(due))
              .toList();
      assertThat(processes.started()).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private Process start(Processes processes, Schedule schedule) {
    Process process = processes.start();
    process.scheduler.schedule(Processes.NIGHTLY, schedule);
    return process;
  }

  /** Some hours; at times minutes, days, or a clock that is set back. */
  private Duration step() {
    return switch (random.nextInt(20)) {
      case 0 -> Duration.ofMinutes(-random.nextInt(180));
      case 1 -> Duration.ofDays(random.nextInt(4));
      case 2, 3 -> Duration.ofMinutes(random.nextInt(10));
      default -> Duration.ofMinutes(random.nextInt(2_500));
    };
  }

  /** Whether it was killed at one of its writes. */
  private boolean look(Process process) {
    if (random.nextInt(100) == 0) {
      Fault fault = random.nextBoolean() ? Fault.KILL_BEFORE : Fault.KILL_AFTER;
      process.store.failAt(1 + random.nextInt(2), fault);
    }
    try {
      process.scheduler.fireDue();
      return false;
    } catch (Killed e) {
      return true;
    }
  }
}
