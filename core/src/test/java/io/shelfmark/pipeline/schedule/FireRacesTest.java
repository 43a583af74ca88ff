package io.shelfmark.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.pipeline.schedule.Processes.Process;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that see the same fire, or different ones, at the same instant. */
@Timeout(60)
class FireRacesTest {

  private static final int PROCESSES = 6;
  private static final int ROUNDS = 40;

  @TempDir Path folder;
  private Processes processes;
  private ExecutorService threads;
  private final List<Process> all = new ArrayList<>();

  @BeforeEach
  void open() {
    processes = new Processes(folder);
    threads = Executors.newFixedThreadPool(PROCESSES);
    for (int i = 0; i < PROCESSES; i++) {
      all.add(processes.start());
    }
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    processes.close();
  }

  private void atOnce(IntConsumer action) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(PROCESSES);
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      int process = i;
      ends.add(
          threads.submit(
              () -> {
                barrier.await(30, TimeUnit.SECONDS);
                action.accept(process);
                return null;
              }));
    }
    for (Future<?> end : ends) {
      end.get(30, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource(Overlap.class)
  void instant_seenByAllAtOnce_startsOneRun(Overlap overlap) throws Exception {
    Schedule hourly = Schedule.every(Duration.ofHours(1)).overlap(overlap);
    all.forEach(process -> process.scheduler.schedule(Processes.NIGHTLY, hourly));
    for (int round = 0; round < ROUNDS; round++) {
      processes.clock.advance(Duration.ofHours(1));
      atOnce(process -> all.get(process).scheduler.fireDue());
      processes.endRuns();
    }
    List<Instant> due = hourly.next(Instant.parse("2024-05-01T12:00:00Z"), ROUNDS);
    assertThat(processes.started())
        .containsExactlyElementsOf(due.stream().map(i -> "nightly-" + FireIds.of(i)).toList());
    assertThat(processes.history("nightly")).allMatch(line -> line.endsWith(" STARTED"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Overlap.class,
      names = {"SKIP", "QUEUE_ONE"})
  void events_toldToAllAtOnce_neverOverlap(Overlap overlap) throws Exception {
    Trigger trigger = Trigger.calls().overlap(overlap);
    List<Watch> watches =
        all.stream().map(p -> p.scheduler.trigger(Processes.NIGHTLY, trigger)).toList();
    for (int round = 0; round < ROUNDS; round++) {
      int before = processes.started().size();
      String event = "event-" + round + "-";
      atOnce(process -> watches.get(process).fire(event + process, Map.of()));
      assertThat(processes.started()).as("round %d", round).hasSize(before + 1);
      processes.clock.advance(Duration.ofSeconds(6));
      atOnce(process -> all.get(process).scheduler.fireDue());
      assertThat(processes.started()).as("its run goes on").hasSize(before + 1);
      processes.endRuns();
      processes.clock.advance(Duration.ofSeconds(6));
      atOnce(process -> all.get(process).scheduler.fireDue());
      int after = overlap == Overlap.SKIP ? 1 : 2;
      assertThat(processes.started()).as("round %d", round).hasSize(before + after);
      processes.endRuns();
      processes.clock.advance(Duration.ofSeconds(6));
      atOnce(process -> all.get(process).scheduler.fireDue());
      assertThat(processes.started()).as("nothing waits").hasSize(before + after);
    }
  }

  @Test
  void event_toldToAllAtOnce_startsOneRun() throws Exception {
    List<Watch> watches =
        all.stream().map(p -> p.scheduler.trigger(Processes.NIGHTLY, Trigger.calls())).toList();
    for (int round = 0; round < ROUNDS; round++) {
      String event = "event-" + round;
      atOnce(process -> watches.get(process).fire(event, Map.of()));
      assertThat(processes.started()).hasSize(round + 1);
      processes.endRuns();
    }
  }
}
