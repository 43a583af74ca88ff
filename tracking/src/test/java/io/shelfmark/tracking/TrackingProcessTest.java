package io.shelfmark.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one workspace, some of them killed. */
@Timeout(120)
class TrackingProcessTest {

  private static final int KILLS = 4;

  @TempDir Path folder;

  @Test
  void processKilledWhileLogging_leavesWhatWasFlushedAndNoHole() throws Exception {
    Random random = new Random(20261128);
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = TrackingWorker.start(folder, "killed");
      String run;
      long flushed = 0;
      try (BufferedReader output = process.inputReader()) {
        run = output.readLine();
        int lines = 1 + random.nextInt(40);
        for (int line = 0; line < lines; line++) {
          flushed = Long.parseLong(output.readLine());
        }
        // the handle leaves the output open, what it holds was said before
        process.toHandle().destroyForcibly();
        process.waitFor();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
          flushed = Long.parseLong(line);
        }
      }
      assertWhole(run, flushed);
    }
  }

  private void assertWhole(String id, long flushed) {
    try (Workspace workspace = Workspace.open(folder);
        Tracker tracker =
            Tracker.builder(workspace)
                .clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2)))
                .open()) {
      RunRecord run = tracker.require(id);
      List<Metric> points =
          tracker.store().runs().history(id, "count", 10_000_000, Optional.empty()).items();
      assertThat(points).hasSizeGreaterThanOrEqualTo((int) flushed);
      for (int i = 0; i < points.size(); i++) {
        assertThat(points.get(i).step()).isEqualTo(i);
      }
      assertThat(run.metrics().get("count").step()).isEqualTo(points.size() - 1);
      assertThat(run.info().status()).isEqualTo(RunStatus.KILLED);
      // params follow their points: three each or none, and none without the points before them
      for (long i = 99; i < points.size() + 1000; i += 100) {
        List<String> found = new ArrayList<>();
        for (String letter : List.of("a", "b", "c")) {
          if (run.params().containsKey(letter + i)) {
            found.add(letter);
          }
        }
        assertThat(found.size()).isIn(0, 3);
        if (i < flushed) {
          assertThat(found).hasSize(3);
        }
        if (i >= points.size()) {
          assertThat(found).isEmpty();
        }
      }
    }
  }

  @Test
  void twoProcessesOfSixteenThreads_loseNoPoint() throws Exception {
    int each = 5000;
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(TrackingWorker.start(folder, "threads", "16", String.valueOf(each)));
    }
    List<String> runs = new ArrayList<>();
    for (Process process : processes) {
      try (BufferedReader output = process.inputReader()) {
        runs.add(output.readLine());
      }
      assertThat(process.waitFor()).isZero();
    }
    try (Workspace workspace = Workspace.open(folder)) {
      Tracker tracker = Tracker.in(workspace);
      for (String run : runs) {
        for (int thread = 0; thread < 16; thread++) {
          assertThat(tracker.curve(run, "t" + thread, 2).total()).isEqualTo(each);
        }
        assertThat(tracker.require(run).info().status()).isEqualTo(RunStatus.FINISHED);
      }
    }
  }
}
