package io.shelfmark.tracking.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one folder, killed while they log. */
@Timeout(120)
class KilledProcessTest {

  @TempDir Path temporary;

  private Process start(Path folder, String run) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            LoggingProcess.class.getName(),
            folder.toString(),
            run)
        .redirectError(temporary.resolve(run + ".err").toFile())
        .start();
  }

  @Test
  void killedProcess_leavesWhatItFlushed_withoutAHole_forTheNextWhoOpens() throws Exception {
    Path folder = temporary.resolve("spool");
    Map<String, Long> flushed = new LinkedHashMap<>();
    Process living = start(folder, "living");
    try {
      BufferedReader livingLines = lines(living);
      assertThat(livingLines.readLine()).isEqualTo("1000");
      for (int lines : new int[] {1, 4, 20}) {
        String run = "killed-after-" + lines;
        flushed.put(run, killAfter(start(folder, run), lines));
      }
      FakeStore store = new FakeStore();
      try (Outbox outbox = Outbox.open(store, folder, OutboxOptions.builder().build())) {
        outbox.metric("mine", "loss", 0, 0, 0);
        assertThat(outbox.deliver(Duration.ofSeconds(60))).isTrue();
      }
      flushed.forEach((run, count) -> requirePrefix(store, run, count));
      assertThat(store.steps("mine")).containsExactly(0L);
      assertThat(store.steps("living")).as("its spool is not anybody else's").isEmpty();

      flushed.put("living", killAfter(living, livingLines, 1));
      FakeStore last = new FakeStore();
      try (Outbox outbox = Outbox.open(last, folder, OutboxOptions.builder().build())) {
        outbox.metric("mine", "loss", 0, 0, 0);
        assertThat(outbox.deliver(Duration.ofSeconds(60))).isTrue();
      }
      requirePrefix(last, "living", flushed.get("living"));
      assertThat(last.steps("killed-after-1")).as("it was sent once").isEmpty();
      assertThat(SteppedOutbox.files(folder)).isEmpty();
    } finally {
      living.destroyForcibly();
    }
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Up to where a process flushed at least, when it is dead. */
  private static long killAfter(Process process, int count) throws Exception {
    return killAfter(process, lines(process), count);
  }

  private static long killAfter(Process process, BufferedReader reader, int count)
      throws Exception {
    long last = 0;
    try {
      for (int i = 0; i < count; i++) {
        last = Long.parseLong(reader.readLine());
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return last;
  }

  private static void requirePrefix(FakeStore store, String run, long flushed) {
    List<Long> steps = store.steps(run);
    assertThat(flushed).isPositive();
    assertThat(steps).hasSizeGreaterThanOrEqualTo((int) flushed);
    assertThat(steps).isEqualTo(LongStream.range(0, steps.size()).boxed().toList());
  }
}
