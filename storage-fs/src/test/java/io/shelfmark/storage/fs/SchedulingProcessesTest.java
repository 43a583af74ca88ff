package io.shelfmark.storage.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.schedule.Fire;
import io.shelfmark.pipeline.schedule.FireState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two real processes that fire for the same schedules and are killed again and again. */
@Timeout(120)
class SchedulingProcessesTest {

  private static final int KILLS = 4;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  @TempDir Path folder;

  /** A process and what it says. */
  private record Watcher(Process process, BufferedReader said) {

    /** Reads on until it says that it starts, or has started, the run of an instant. */
    Instant await(String what, Instant atLeast) throws IOException {
      while (true) {
        String line = said.readLine();
        assertThat(line).as("it goes on").isNotNull();
        String[] words = line.split(" ");
        if (words[0].equals(what) && !instant(words[1]).isBefore(atLeast)) {
          return instant(words[1]);
        }
      }
    }

    private static Instant instant(String run) {
      return TIME.parse(run.substring(run.length() - 15), Instant::from);
    }
  }

  private Watcher start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SchedulingProcess.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("err").toFile()))
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    assertThat(said.readLine()).isEqualTo("watching");
    return new Watcher(process, said);
  }

  @Test
  void killedProcesses_everyInstantHasItsRun() throws Exception {
    Watcher[] watchers = {start(), start()};
    Instant last = Instant.EPOCH;
    try {
      for (int kill = 0; kill < KILLS; kill++) {
        Watcher killed = watchers[kill % 2];
        // between claim and start, or between start and mark
        Instant at = killed.await(kill / 2 % 2 == 0 ? "starts" : "started", last);
        killed.process().destroyForcibly().waitFor();
        last = at;
        watchers[kill % 2] = start();
      }
      // by then what the killed ones claimed is taken over
      for (Watcher watcher : watchers) {
        watcher.await("started", last.plusSeconds(8));
        watcher.process().getOutputStream().close();
        assertThat(watcher.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(watcher.process().exitValue()).isZero();
      }
    } finally {
      for (Watcher watcher : watchers) {
        watcher.process().destroyForcibly();
      }
    }
    try (Workspace workspace = Workspace.open(folder)) {
      Set<String> expected = new TreeSet<>();
      for (int i = 0; i < SchedulingProcess.SCHEDULES; i++) {
        List<Fire> history = workspace.fires().history("each-second-" + i);
        assertThat(history).extracting(Fire::state).containsOnly(FireState.STARTED);
        Instant newest = history.get(0).due();
        Instant first = history.get(history.size() - 1).due();
        List<Instant> due =
            SchedulingProcess.schedule().next(first.minusSeconds(1), history.size());
        assertThat(due).last().as("no instant is missing").isEqualTo(newest);
        history.forEach(fire -> expected.add(fire.run().orElseThrow().value()));
      }
      assertThat(runs()).isEqualTo(expected);
    }
  }

  private Set<String> runs() {
    try (Stream<Path> files = Files.list(folder.resolve("runs"))) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
