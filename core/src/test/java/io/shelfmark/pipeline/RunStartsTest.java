package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who asks for a run while {@link LocalRunner#resume()} takes it on. */
@Timeout(60)
class RunStartsTest {

  private static final RunId RUN = RunId.of("left");

  @TempDir Path folder;

  private static Pipeline<Integer> hanging() {
    return Pipeline.of(
        "p",
        Step.named("hanging", Integer.class)
            .run(
                context -> {
                  new CountDownLatch(1).await();
                  return 1;
                }));
  }

  /** What a call gives that began before the run was taken on, and ended after that. */
  private <T> T meanwhile(Function<LocalRunner, T> call) throws Exception {
    try (Workspace workspace = Workspaces.open(folder)) {
      try (LocalRunner runner = LocalRunner.in(workspace).open()) {
        runner.start(hanging(), RunOptions.defaults().id(RUN));
      }
      try (LocalRunner runner = LocalRunner.in(workspace).open()) {
        runner.register(hanging());
        FutureTask<T> asking = new FutureTask<>(() -> call.apply(runner));
        Thread thread = new Thread(asking);
        synchronized (runner.known()) {
          thread.start();
          while (thread.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
          }
          assertThat(runner.resume()).hasSize(1);
        }
        return asking.get(30, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void find_whileTheRunIsTakenOn_givesIt() throws Exception {
    Optional<RunRecord> found = meanwhile(runner -> runner.find(RUN));
    assertThat(found).isPresent();
  }

  @Test
  void cutOfTheJournal_whileTheRunIsTakenOn_keepsItsEvents() throws Exception {
    RunEvent event = new RunEvent.AttemptStarted(RUN, Instant.EPOCH, "hanging", 1);
    boolean kept = meanwhile(runner -> runner.known().isGoingOn(event));
    assertThat(kept).isTrue();
  }

  @Test
  void forget_whileTheRunIsTakenOn_isRefused() {
    assertThatThrownBy(
            () ->
                meanwhile(
                    runner -> {
                      runner.forget(RUN);
                      return RUN;
                    }))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Cannot forget run left");
  }

  @Test
  void start_whileTheEarlierRunOfThatIdIsRemoved_waitsForThat() throws Exception {
    assertThat(startWhileRemoved(RunOptions.defaults().id(RUN)).result()).isEqualTo(1);
  }

  @Test
  void rerun_whileTheRunThatItRepeatsIsRemoved_findsNoSuchRun() {
    RunOptions rerun = RunOptions.defaults().rerun(RUN, "quick");
    assertThatThrownBy(() -> startWhileRemoved(rerun))
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot rerun left: found no such run");
  }

  /** Starts a run while an ended one is removed, which goes on once the start waits for it. */
  private PipelineRun<Integer> startWhileRemoved(RunOptions options) throws Exception {
    Pipeline<Integer> quick =
        Pipeline.of("p", Step.named("quick", Integer.class).run(context -> 1));
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      runner.start(quick, RunOptions.defaults().id(RUN)).result();
      FutureTask<PipelineRun<Integer>> starting =
          new FutureTask<>(() -> runner.start(quick, options));
      Thread thread = new Thread(starting);
      Runnable removal =
          () -> {
            thread.start();
            while (thread.getState() != Thread.State.WAITING) {
              assertThat(thread.isAlive()).isTrue();
              Thread.onSpinWait();
            }
            new Records(workspace.home().resolve("pipelines"), true).remove(RUN);
          };
      assertThat(runner.known().removeUnlessNeeded(RUN, removal)).isTrue();
      PipelineRun<Integer> run = starting.get(30, TimeUnit.SECONDS);
      assertThat(run.await(Duration.ofSeconds(30))).isTrue();
      return run;
    }
  }
}
