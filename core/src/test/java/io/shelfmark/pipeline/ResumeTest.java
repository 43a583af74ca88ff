package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.storage.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs that outlive their process. */
@Timeout(60)
class ResumeTest {

  @TempDir Path folder;

  private Path journal() {
    return folder.resolve("home/pipelines/journal");
  }

  private Process start() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            ResumeProcess.class.getName(),
            folder.toString())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  @Test
  void killedProcess_goesOnFromTheLastStepsOnRecord() throws Exception {
    // steps that a process said to be on record, and how often their code had run by then
    Map<String, Long> onRecord = new HashMap<>();
    for (int lines : new int[] {1, 40, 60, 25}) {
      Process process = start();
      process.getOutputStream().write(new byte[lines + 20]);
      process.getOutputStream().flush();
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        for (int i = 0; i < lines; i++) {
          String step = reader.readLine();
          assertThat(step).isNotNull();
          assertThat(onRecord.put(step, 0L)).as("%s is settled once", step).isNull();
        }
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      onRecord.replaceAll((step, calls) -> calls == 0 ? calls(step) : calls);
    }
    Process process = start();
    process.getOutputStream().close();
    List<String> last;
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      last = reader.lines().toList();
    } finally {
      process.destroyForcibly();
    }
    long sum = LongStream.range(0, ResumeProcess.ELEMENTS).map(n -> n * n).sum();
    assertThat(last).contains("sum", "result " + sum);
    assertThat(onRecord.keySet()).doesNotContainAnyElementsOf(last);
    onRecord.forEach(
        (step, calls) -> assertThat(calls(step)).as("%s is not done again", step).isEqualTo(calls));
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      RunRecord record = runner.find(ResumeProcess.RUN).orElseThrow();
      assertThat(record.state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(record.steps()).hasSize(ResumeProcess.ELEMENTS + 3);
    }
  }

  private long calls(String step) {
    Path effects = folder.resolve("effects");
    try (Stream<String> lines = Files.exists(effects) ? Files.lines(effects) : Stream.empty()) {
      return lines.filter(step::equals).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A limit on the length of files fails in the middle of a write, as a full disk does. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the limit is one of Unix shells")
  void processThatCannotWriteOn_isToldAndTheNextGoesOn() throws Exception {
    Process full =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 60; exec \"$0\" -Xmx64m -XX:-UsePerfData -cp \"$1\" \"$2\" \"$3\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                ResumeProcess.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    full.getOutputStream().close();
    String said = new String(full.getInputStream().readAllBytes(), UTF_8);
    assertThat(full.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains("StorageException: Cannot put runs on record", "File too large");
    Process next = start();
    next.getOutputStream().close();
    assertThat(new String(next.getInputStream().readAllBytes(), UTF_8)).contains("result 8955050");
  }

  @Test
  void closedRunner_leavesRunsThatAnotherTakesOn() throws Exception {
    AtomicInteger first = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    Step<Integer> done = Step.named("done", Integer.class).run(c -> first.incrementAndGet());
    Pipeline<Integer> pipeline = pipeline(done, begun, true);
    RunId id;
    try (Workspace workspace = Workspaces.open(folder)) {
      LocalRunner runner = LocalRunner.in(workspace).open();
      PipelineRun<Integer> run = runner.start(pipeline);
      id = run.id();
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> LocalRunner.in(workspace).open())
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("found another runner on them");
      runner.close();
      assertThatThrownBy(run::result).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> runner.start(pipeline))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is closed");
    }
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      runner.register(Pipeline.of("left", Step.named("other", Integer.class).run(c -> 1)));
      assertThat(runner.resume()).as("another graph").isEmpty();
      assertThat(runner.find(id)).map(RunRecord::state).contains(RunState.RUNNING);
      Pipeline<Integer> again = pipeline(done, begun, false);
      assertThat(again.graph().digest()).isEqualTo(pipeline.graph().digest());
      runner.register(again);
      List<PipelineRun<?>> resumed = runner.resume();
      assertThat(resumed).extracting(PipelineRun::id).containsExactly(id);
      assertThat(resumed.get(0).await(Duration.ofSeconds(30))).isTrue();
      assertThat(resumed.get(0).result()).isEqualTo(2);
      assertThat(first).as("a step on record is not done again").hasValue(1);
    }
  }

  @Test
  void leftRun_thatIsCancelled_isOnRecordAllTheTimeAndNotTakenOn() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Step<Integer> done = Step.named("done", Integer.class).run(c -> 1);
    RunId id;
    try (Workspace workspace = Workspaces.open(folder)) {
      try (LocalRunner runner = LocalRunner.in(workspace).open()) {
        id = runner.start(pipeline(done, begun, true)).id();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      }
      CountDownLatch ended = new CountDownLatch(1);
      try (LocalRunner runner =
          LocalRunner.in(workspace)
              .listener(
                  event -> {
                    if (event instanceof RunEvent.RunEnded) {
                      ended.countDown();
                    }
                  })
              .open()) {
        runner.register(pipeline(done, begun, false));
        runner.cancel(id, "not needed");
        assertThat(runner.find(id)).isPresent();
        assertThat(runner.resume()).isEmpty();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
      }
      try (LocalRunner runner = LocalRunner.in(workspace).open()) {
        assertThat(runner.resume()).isEmpty();
        assertThat(runner.find(id).map(RunRecord::state)).contains(RunState.CANCELLED);
        assertThat(runner.find(id).flatMap(RunRecord::failure)).contains("not needed");
      }
    }
  }

  private static Pipeline<Integer> pipeline(
      Step<Integer> done, CountDownLatch begun, boolean hangs) {
    Step<Integer> waiting =
        Step.named("waiting", Integer.class)
            .input(done)
            .run(
                (c, n) -> {
                  begun.countDown();
                  if (hangs) {
                    new CountDownLatch(1).await();
                  }
                  return n + 1;
                });
    return Pipeline.of("left", waiting);
  }

  @Test
  void tornOrDamagedTail_isSetAsideAndDoneAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Step<Integer> step = Step.named("count", Integer.class).run(c -> calls.incrementAndGet());
    Pipeline<Integer> pipeline = Pipeline.of("torn", step);
    RunId id;
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      id = runner.run(pipeline).id();
    }
    byte[] whole = Workspaces.eventsIn(journal());
    for (long cut : new long[] {whole.length - 3, whole.length / 2, 9, 3, 0}) {
      Files.deleteIfExists(folder.resolve("home/pipelines/runs/" + id + "/record.json"));
      Files.write(journal(), whole);
      try (RandomAccessFile file = new RandomAccessFile(journal().toFile(), "rw")) {
        file.setLength(cut);
      }
      try (Workspace workspace = Workspaces.open(folder);
          LocalRunner runner = LocalRunner.in(workspace).open()) {
        PipelineRun<Integer> run = runner.start(pipeline, RunOptions.defaults().id(id));
        assertThat(run.await(Duration.ofSeconds(30))).isTrue();
        assertThat(run.record().state()).as("cut at %d", cut).isEqualTo(RunState.SUCCEEDED);
      }
    }
    byte[] flipped = whole.clone();
    flipped[20] ^= 1;
    Files.deleteIfExists(folder.resolve("home/pipelines/runs/" + id + "/record.json"));
    Files.write(journal(), flipped, StandardOpenOption.TRUNCATE_EXISTING);
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      assertThat(runner.find(id)).isEmpty();
      assertThat(folder.resolve("home/pipelines/journal.rest-0")).hasBinaryContent(flipped);
    }
  }
}
