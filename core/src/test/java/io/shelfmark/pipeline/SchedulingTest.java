package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When steps run: waits, queues, code that does not return, and who hears of it. */
@Timeout(60)
class SchedulingTest {

  private static final Duration LONG = Duration.ofSeconds(50);

  /** Notes what it is asked to wait, and does not wait. */
  private static final class Impatient extends ScheduledThreadPoolExecutor {
    private final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());

    Impatient() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      waits.add(Duration.of(delay, unit.toChronoUnit()));
      return super.schedule(task, 0, unit);
    }
  }

  private final List<RunEvent> events = Collections.synchronizedList(new ArrayList<>());
  private final Impatient scheduler = new Impatient();
  @TempDir Path temporary;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspaces.open(temporary);
  }

  @AfterEach
  void close() {
    workspace.close();
    scheduler.shutdownNow();
  }

  @Test
  void retries_waitTwiceAsLongEachTimeUpToALimit() {
    Step<Integer> failing =
        Step.named("failing", Integer.class)
            .retry(RetryPolicy.attempts(5).backoff(Duration.ofSeconds(1), Duration.ofSeconds(5)))
            .run(
                c -> {
                  throw new IOException("no");
                });
    try (LocalRunner runner =
        LocalRunner.in(workspace).scheduler(scheduler).listener(events::add).open()) {
      PipelineRun<Integer> run = runner.start(Pipeline.of("retries", failing));
      assertThat(run.await(LONG)).isTrue();
    }
    List<Duration> longest = List.of(1, 2, 4, 5).stream().map(Duration::ofSeconds).toList();
    assertThat(scheduler.waits).hasSameSizeAs(longest);
    for (int i = 0; i < longest.size(); i++) {
      assertThat(scheduler.waits.get(i)).isBetween(longest.get(i).dividedBy(2), longest.get(i));
    }
    assertThat(events.stream().map(event -> event.getClass().getSimpleName()).distinct())
        .containsExactly("RunStarted", "AttemptStarted", "AttemptFailed", "StepEnded", "RunEnded");
    assertThat(events).hasSize(1 + 5 + 5 + 1 + 1);
  }

  @Test
  void codeThatDoesNotReturn_keepsNeitherItsRunNorAPlace() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch returned = new CountDownLatch(1);
    Step<Integer> stubborn =
        Step.named("stubborn", Integer.class)
            .timeout(Duration.ofMillis(20))
            .run(
                c -> {
                  while (end.getCount() > 0) {
                    try {
                      end.await();
                    } catch (InterruptedException e) {
                      c.log("not now");
                    }
                  }
                  returned.countDown();
                  return 1;
                });
    Step<Integer> other = Step.named("other", Integer.class).run(c -> 2);
    try (LocalRunner runner = LocalRunner.in(workspace).parallelism(1).open()) {
      PipelineRun<Integer> run = runner.start(Pipeline.of("stubborn", stubborn, other));
      assertThat(run.await(LONG)).isTrue();
      assertThat(run.record().step("other").map(StepRecord::state)).contains(StepState.SUCCEEDED);
      RunRecord before = run.record();
      end.countDown();
      assertThat(returned.await(50, TimeUnit.SECONDS)).isTrue();
      assertThat(runner.run(Pipeline.of("next", other)).result()).isEqualTo(2);
      assertThat(runner.find(run.id())).contains(before);
    } finally {
      end.countDown();
    }
  }

  @Test
  void codePastItsLimit_mayLogAndUseItsFolderUntilItReturns() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    CountDownLatch returned = new CountDownLatch(1);
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Step<Integer> slow =
        Step.named("slow", Integer.class)
            .timeout(Duration.ofMillis(20))
            .run(
                c -> {
                  Path file = Files.writeString(c.workFolder().resolve("file"), "mine");
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    c.log("interrupted"); // must not cost the log, on record or not
                    seen.add(Boolean.toString(Thread.interrupted()));
                    failed.await();
                    seen.add(Files.readString(file));
                  } finally {
                    returned.countDown();
                  }
                  return 1;
                });
    Step<Integer> other = Step.named("other", Integer.class).run(c -> 2);
    try (LocalRunner runner =
        LocalRunner.in(workspace)
            .listener(
                event -> {
                  if (event instanceof RunEvent.RunEnded) {
                    failed.countDown();
                  }
                })
            .open()) {
      PipelineRun<Integer> run = runner.start(Pipeline.of("slow", slow, other));
      assertThat(run.await(LONG)).isTrue();
      assertThat(returned.await(50, TimeUnit.SECONDS)).isTrue();
      assertThat(seen).containsExactly("true", "mine");
      assertThat(runner.log(run.id(), "slow"))
          .contains("running after PT0.02S", "TimeoutException");
    }
  }

  @Test
  void queueWithOnePlace_runsOneStepAtATimeBesideTheOthers() throws Exception {
    AtomicInteger onGpu = new AtomicInteger();
    CountDownLatch elsewhere = new CountDownLatch(1);
    List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
    List<Step<Integer>> steps = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      steps.add(
          Step.named("gpu" + i, Integer.class)
              .queue("gpu")
              .run(
                  c -> {
                    seen.add(onGpu.incrementAndGet());
                    elsewhere.await();
                    return onGpu.decrementAndGet();
                  }));
    }
    Step<Integer> cpu =
        Step.named("cpu", Integer.class)
            .run(
                c -> {
                  elsewhere.countDown();
                  return 0;
                });
    steps.add(cpu);
    Step<Integer> all =
        Step.named("all", Integer.class).inputs(steps).run((c, list) -> list.size());
    try (LocalRunner runner =
        LocalRunner.in(workspace).parallelism(4).parallelism("gpu", 1).open()) {
      assertThat(runner.run(Pipeline.of("queues", all)).result()).isEqualTo(4);
    }
    assertThat(seen).containsExactly(1, 1, 1);
  }

  @Test
  void listener_mayStartAnotherRun() throws Exception {
    CountDownLatch followed = new CountDownLatch(1);
    Pipeline<Integer> next =
        Pipeline.of(
            "next",
            Step.named("follow", Integer.class)
                .run(
                    c -> {
                      followed.countDown();
                      return 1;
                    }));
    List<LocalRunner> opened = new ArrayList<>();
    try (LocalRunner runner =
        LocalRunner.in(workspace)
            .listener(
                event -> {
                  if (event instanceof RunEvent.RunEnded && followed.getCount() > 0) {
                    opened.get(0).start(next);
                  }
                })
            .open()) {
      opened.add(runner);
      runner.run(Pipeline.of("first", Step.named("one", Integer.class).run(c -> 1)));
      assertThat(followed.await(50, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void manyElements_allRun() {
    Parameter<Integer> count = Parameter.of("count", 2_000);
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class))
            .input(count)
            .run((c, n) -> Collections.nCopies(n, 1));
    Step<List<Integer>> each = Step.forEach("each", list, Integer.class).run((c, one) -> one + 1);
    Step<Integer> sum =
        Step.named("sum", Integer.class)
            .input(each)
            .run((c, all) -> all.stream().mapToInt(Integer::intValue).sum());
    try (LocalRunner runner = LocalRunner.in(workspace).open()) {
      assertThat(runner.run(Pipeline.of("many", sum)).result()).isEqualTo(4_000);
    }
  }

  @Test
  void chain_ofThousandsOfSteps_isBuiltAndRuns() {
    int length = 5_000;
    Step<Integer> last = Step.named("step-0", Integer.class).run(context -> 0);
    for (int i = 1; i < length; i++) {
      last = Step.named("step-" + i, Integer.class).input(last).run((context, value) -> value + 1);
    }
    try (LocalRunner runner = LocalRunner.in(workspace).withoutJournal().open()) {
      assertThat(runner.run(Pipeline.of("chain", last)).result()).isEqualTo(length - 1);
    }
  }
}
