package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RetentionTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final SettableClock clock = SettableClock.create();
  private Workspace workspace;
  private final CountDownLatch begun = new CountDownLatch(1);

  @BeforeEach
  void open() {
    workspace =
        Workspace.builder()
            .store(new InMemoryBlobStore(clock))
            .home(folder.resolve("home"))
            .clock(clock)
            .open();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private LocalRunner runner(RetentionRule rule) {
    return LocalRunner.in(workspace).retention(rule).open();
  }

  private static Pipeline<Integer> pipeline(String name) {
    Step<Integer> first = Step.named("first", Integer.class).run(context -> 1);
    return Pipeline.of(
        name,
        Step.named("second", Integer.class)
            .input(first)
            .run(
                (context, n) -> {
                  context.log("a line");
                  return n;
                }));
  }

  private Pipeline<Integer> hanging(String name) {
    Step<Integer> first = Step.named("first", Integer.class).run(context -> 1);
    return Pipeline.of(
        name,
        Step.named("second", Integer.class)
            .input(first)
            .run(
                (context, n) -> {
                  begun.countDown();
                  new CountDownLatch(1).await();
                  return n;
                }));
  }

  private RunId run(LocalRunner runner, Pipeline<Integer> pipeline) {
    clock.advance(Duration.ofSeconds(1));
    return runner.run(pipeline).id();
  }

  private List<RunId> run(LocalRunner runner, Pipeline<Integer> pipeline, int times) {
    return IntStream.range(0, times).mapToObj(i -> run(runner, pipeline)).toList();
  }

  private List<String> folders() throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve("home/pipelines/runs"))) {
      return runs.map(run -> run.getFileName().toString()).toList();
    }
  }

  private static List<RunId> ids(List<RunRecord> records) {
    return records.stream().map(RunRecord::id).toList();
  }

  @Test
  void runs_beyondTheLast_areRemovedWithTheirLogs() throws IOException {
    List<RunId> kept = new ArrayList<>();
    LocalRunner runner = runner(RetentionRule.keepLast(3));
    try (runner) {
      RunId other = run(runner, pipeline("other"));
      List<RunId> runs = run(runner, pipeline("often"), 10);
      kept.addAll(List.of(runs.get(9), runs.get(8), runs.get(7)));
      kept.add(other);
    }
    // closing a runner waits for what it had begun to remove; the next one does the rest
    try (LocalRunner next = runner(RetentionRule.keepLast(3))) {
      next.awaitRetention();
      assertThat(ids(next.runs("often"))).isEqualTo(kept.subList(0, 3));
      assertThat(ids(next.runs("other"))).containsExactly(kept.get(3));
      assertThat(next.log(kept.get(0), "second")).isEqualTo("a line\n");
    }
    assertThat(folders())
        .containsExactlyInAnyOrderElementsOf(kept.stream().map(RunId::value).toList());
  }

  @Test
  void runs_youngerThanTheAge_areKeptAsWell() {
    try (LocalRunner runner =
        runner(RetentionRule.keepLast(1).andYoungerThan(Duration.ofDays(90)))) {
      run(runner, pipeline("often"), 2);
      clock.advance(Duration.ofDays(91));
      List<RunId> young = run(runner, pipeline("often"), 3);
      runner.awaitRetention();
      assertThat(ids(runner.runs("often"))).containsExactlyInAnyOrderElementsOf(young);
    }
  }

  @Test
  void runs_thatGoOnOrAreRepeatedFrom_areKept() throws Exception {
    Pipeline<Integer> hanging = hanging("often");
    try (LocalRunner runner = runner(RetentionRule.keepLast(1))) {
      RunId base = run(runner, pipeline("often"));
      clock.advance(Duration.ofSeconds(1));
      PipelineRun<Integer> repeating =
          runner.start(hanging, RunOptions.defaults().rerun(base, "second"));
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      List<RunId> later = run(runner, pipeline("often"), 4);
      runner.awaitRetention();
      assertThat(ids(runner.runs("often"))).containsExactly(later.get(3), repeating.id(), base);
      for (RunId run : List.of(repeating.id(), base)) {
        assertThatThrownBy(() -> runner.forget(run))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("Cannot forget run " + run);
      }
      runner.cancel(repeating.id(), "enough");
      assertThat(repeating.await(LONG)).isTrue();
      runner.awaitRetention();
      assertThat(ids(runner.runs("often"))).containsExactly(later.get(3));
      assertThatThrownBy(() -> runner.start(hanging, RunOptions.defaults().rerun(base, "second")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("old runs are removed");
    }
  }

  @Test
  void forget_run_doesNotComeBackFromTheJournal() throws IOException {
    RunId kept;
    try (LocalRunner runner = runner(RetentionRule.keepAll())) {
      RunId gone = run(runner, pipeline("often"));
      kept = run(runner, pipeline("often"));
      runner.forget(gone);
      runner.forget(RunId.of("never-there"));
      assertThat(runner.find(gone)).isEmpty();
      assertThat(runner.log(gone, "second")).isEmpty();
    }
    try (LocalRunner runner = runner(RetentionRule.keepAll())) {
      assertThat(ids(runner.runs("often"))).containsExactly(kept);
      runner.awaitRetention(); // it removes what is left of the forgotten one
      assertThat(folders()).containsExactly(kept.value());
    }
  }

  @Test
  void removal_killedInTheMiddle_isFinishedByTheNextRunner() throws IOException {
    RunId gone;
    try (LocalRunner runner = runner(RetentionRule.keepAll())) {
      gone = run(runner, pipeline("often"));
    }
    try (LocalRunner next = runner(RetentionRule.keepAll())) {
      next.awaitRetention();
    }
    Path run = folder.resolve("home/pipelines/runs").resolve(gone.value());
    Files.write(run.resolve("forgotten"), new byte[0]);
    Files.delete(run.resolve("record.json"));
    try (LocalRunner next = runner(RetentionRule.keepAll())) {
      next.awaitRetention();
      assertThat(folders()).isEmpty();
    }
  }

  @Test
  void forget_runWhoseIdIsUsedAgain_keepsTheNewOne() {
    RunOptions options = RunOptions.defaults().id(RunId.of("nightly"));
    try (LocalRunner runner = runner(RetentionRule.keepAll())) {
      runner.run(pipeline("often"), options);
      runner.forget(RunId.of("nightly"));
      clock.advance(Duration.ofDays(1));
      runner.run(pipeline("often"), options);
    }
    try (LocalRunner runner = runner(RetentionRule.keepAll())) {
      assertThat(runner.find(RunId.of("nightly")).orElseThrow().startedAt())
          .isEqualTo(clock.instant());
    }
  }

  @Test
  void folderOfAnotherProgram_isLeftAlone() throws IOException {
    RunId last;
    try (LocalRunner runner = runner(RetentionRule.keepAll())) {
      last = run(runner, pipeline("often"), 3).get(2);
    }
    Files.createDirectory(folder.resolve("home/pipelines/runs/lost+found"));
    try (LocalRunner runner = runner(RetentionRule.keepLast(1))) {
      runner.awaitRetention();
      assertThat(ids(runner.runs("often"))).containsExactly(last);
    }
    assertThat(folders()).containsExactlyInAnyOrder("lost+found", last.value());
  }

  @Test
  void forget_runWhoseIdIsUsedAgain_keepsWhatTheNewOneWorksOn() throws Exception {
    RunOptions nightly = RunOptions.defaults().id(RunId.of("nightly"));
    Path journal = folder.resolve("home/pipelines/journal");
    Pipeline<Integer> working =
        Pipeline.of(
            "working",
            Step.named("working", Integer.class)
                .run(
                    context -> {
                      Files.createFile(context.workFolder().resolve("half"));
                      begun.countDown();
                      new CountDownLatch(1).await();
                      return 1;
                    }));
    LocalRunnerBuilder builder = LocalRunner.in(workspace).retention(RetentionRule.keepAll());
    builder.journalLimit = 20_000;
    try (LocalRunner runner = builder.open()) {
      runner.run(pipeline("often"), nightly);
      runner.forget(RunId.of("nightly"));
      runner.start(working, nightly);
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      run(runner, pipeline("often"), 100);
      assertThat(Workspaces.eventsIn(journal)).as("it has been cut").hasSizeLessThan(60_000);
      try (Stream<Path> files = Files.walk(folder.resolve("home/pipelines/runs/nightly"))) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .contains("half")
            .doesNotContain("forgotten");
      }
    }
  }

  @Test
  void journal_beyondItsLimit_isCutToTheRunsThatGoOn() throws Exception {
    Path journal = folder.resolve("home/pipelines/journal");
    Pipeline<Integer> hanging = hanging("hanging");
    RunId going;
    RunId last;
    LocalRunnerBuilder builder = LocalRunner.in(workspace).retention(RetentionRule.keepLast(5));
    builder.journalLimit = 20_000;
    try (LocalRunner runner = builder.open()) {
      going = runner.start(hanging).id();
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      last = run(runner, pipeline("often"), 200).get(199);
      assertThat(Workspaces.eventsIn(journal)).hasSizeLessThan(60_000);
    }
    // killed here, the journal alone has the run that goes on
    CountDownLatch again = new CountDownLatch(1);
    Step<Integer> first = Step.named("first", Integer.class).run(context -> 2);
    Pipeline<Integer> same =
        Pipeline.of(
            "hanging",
            Step.named("second", Integer.class)
                .input(first)
                .run(
                    (context, n) -> {
                      again.countDown();
                      return n;
                    }));
    try (LocalRunner runner = runner(RetentionRule.keepLast(5))) {
      runner.register(same);
      assertThat(runner.resume())
          .singleElement()
          .satisfies(run -> assertThat(run.id()).isEqualTo(going))
          .satisfies(run -> assertThat(run.await(LONG)).isTrue());
      // its first step was on record and is not done again
      assertThat(runner.find(going).orElseThrow().step("second").orElseThrow().result())
          .hasValueSatisfying(result -> assertThat(result.json()).isEqualTo("1"));
      runner.awaitRetention();
      assertThat(runner.find(last)).isPresent();
      assertThat(runner.runs("often")).hasSize(5);
    }
    assertThat(again.getCount()).isZero();
  }

  /** A clock on which the removal of old runs waits for its runner to be closed. */
  private static final class WaitingClock extends Clock {
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile Runnable whileClosing = () -> {};

    @Override
    public Instant instant() {
      if (Thread.currentThread().getName().equals("shelfmark-pipeline-retention")) {
        asked.countDown();
        whileClosing.run();
      }
      return Instant.EPOCH;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void close_keepsTheHomeUntilOldRunsAreNoLongerRemoved() throws Exception {
    WaitingClock waiting = new WaitingClock();
    AtomicReference<Thread> closing = new AtomicReference<>();
    AtomicReference<Throwable> found = new AtomicReference<>();
    CountDownLatch begin = new CountDownLatch(1);
    try (Workspace other =
        Workspace.builder()
            .store(new InMemoryBlobStore(clock))
            .home(folder.resolve("other"))
            .clock(waiting)
            .open()) {
      waiting.whileClosing =
          () -> {
            await(begin);
            while (!isIn(Retention.class, closing.get())) {
              Thread.onSpinWait();
            }
            found.set(catchThrowable(() -> LocalRunner.in(other).open().close()));
          };
      LocalRunner runner = LocalRunner.in(other).retention(RetentionRule.keepLast(1)).open();
      runner.run(pipeline("often"));
      runner.run(pipeline("often"));
      assertThat(waiting.asked.await(30, TimeUnit.SECONDS)).isTrue();
      closing.set(Thread.currentThread());
      begin.countDown();
      runner.close();
      assertThat(found.get()).hasMessageContaining("found another runner on them");
      LocalRunner.in(other).open().close();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isIn(Class<?> type, Thread thread) {
    return Stream.of(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(type.getName()));
  }

  @Test
  void withoutJournal_runsBeyondTheLast_areForgotten() {
    try (LocalRunner runner =
        LocalRunner.in(workspace).withoutJournal().retention(RetentionRule.keepLast(2)).open()) {
      List<RunId> runs = run(runner, pipeline("often"), 6);
      runner.awaitRetention();
      assertThat(ids(runner.runs("often"))).containsExactly(runs.get(5), runs.get(4));
    }
  }
}
