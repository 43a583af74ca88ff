package io.shelfmark.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.RetryPolicy;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunSteps;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.StepResult;
import io.shelfmark.pipeline.StepState;
import io.shelfmark.pipeline.StepWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A runner can be written outside of the package: here the simplest one, step after step. */
@Timeout(60)
class StepWorkerTest {

  @TempDir Path temporary;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, Fate.Ended> settled = new LinkedHashMap<>();
  private final List<RunEvent> events = new ArrayList<>();
  private final List<String> logs = new ArrayList<>();
  private Workspace workspace;
  private StepWorker worker;

  @BeforeEach
  void open() {
    workspace =
        Workspace.builder()
            .store(new InMemoryBlobStore(SettableClock.create()))
            .home(temporary)
            .open();
    worker =
        StepWorker.in(
            workspace,
            new StepWorker.Options(
                temporary.resolve("steps"), name -> Optional.empty(), 1 << 20, timer, List.of()));
  }

  @AfterEach
  void close() {
    worker.close();
    timer.shutdownNow();
    workspace.close();
  }

  /** Keeps what happens in memory. */
  private final class InMemory implements RunSteps.Known, RunSteps.Report {
    @Override
    public Fate.Ended step(String name) {
      return settled.get(name);
    }

    @Override
    public Optional<StepResult> earlier(String name) {
      throw new AssertionError("no run is repeated");
    }

    @Override
    public void started(RunEvent.AttemptStarted event) {
      events.add(event);
    }

    @Override
    public void logged(int attempt, Path log) {
      try {
        logs.add(Files.readString(log));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void failed(RunEvent.AttemptFailed event) {
      events.add(event);
    }

    @Override
    public void ended(RunEvent.StepEnded event) {
      events.add(event);
      settled.put(event.step(), new Fate.Ended(event.state(), event.result(), event.failure()));
    }
  }

  private void run(Pipeline<?> pipeline) {
    RunSteps steps =
        worker.steps(
            pipeline,
            worker.start(pipeline, RunOptions.defaults(), SettableClock.create().instant()));
    InMemory records = new InMemory();
    for (StepWorker.Shape shape : StepWorker.shapes(pipeline)) {
      assertThat(settled.keySet()).containsAll(shape.from());
      Fate fate = steps.decide(shape.name(), records);
      if (fate instanceof Fate.Ended end) {
        settled.put(shape.name(), end);
      } else if (fate instanceof Fate.Call call) {
        call(steps, call, shape.name(), records);
      } else if (fate instanceof Fate.Each each) {
        List<Fate.Ended> elements = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
          String name = shape.name() + "[" + i + "]";
          call(steps, steps.element(shape.name(), i, each.element(i), records), name, records);
          elements.add(settled.get(name));
        }
        settled.put(shape.name(), steps.gather(elements));
      }
    }
  }

  private void call(RunSteps steps, Fate.Call call, String name, InMemory records) {
    for (int attempt = 1; !settled.containsKey(name); attempt++) {
      steps.attempt(call, attempt, attempt - 1, records).run();
    }
  }

  @Test
  void steps_ofEachKind_areDecidedAndDone() {
    Parameter<Boolean> off = Parameter.of("off", false);
    Parameter<Integer> size = Parameter.of("size", 1);
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class)).run(c -> List.of(1, 2, 3));
    Step<Integer> inner = Step.named("inner", Integer.class).input(size).run((c, n) -> n * 10);
    Step<Integer> sub = Step.pipeline("sub", Pipeline.of("inside", inner)).step();
    Step<List<Integer>> each =
        Step.forEach("each", list, Integer.class).input(sub).run((c, n, ten) -> n * ten);
    Step<Optional<Integer>> skipped = inner.onlyIf(off);
    Step<String> all =
        Step.named("all", String.class).input(each).input(skipped).run((c, a, b) -> a + " " + b);
    run(Pipeline.of("kinds", all));
    assertThat(settled.get("all").result().orElseThrow().json())
        .isEqualTo("\"[10, 20, 30] Optional.empty\"");
    assertThat(settled.get("inner").state()).isEqualTo(StepState.SKIPPED);
  }

  @Test
  void attempt_failsThenSucceeds_isReportedInOrder() {
    Step<Integer> flaky =
        Step.named("flaky", Integer.class)
            .retry(RetryPolicy.attempts(2).backoff(Duration.ofSeconds(3), Duration.ofSeconds(3)))
            .run(
                c -> {
                  c.log("called");
                  if (c.attempt() == 1) {
                    throw new IOException("once");
                  }
                  return 7;
                });
    run(Pipeline.of("flaky", flaky));
    assertThat(events)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("AttemptStarted", "AttemptFailed", "AttemptStarted", "StepEnded");
    assertThat(((RunEvent.AttemptFailed) events.get(1)).nextIn().orElseThrow())
        .isBetween(Duration.ofMillis(1500), Duration.ofSeconds(3));
    assertThat(logs).hasSize(2);
    assertThat(logs.get(0)).startsWith("called\njava.io.IOException: once");
    assertThat(logs.get(1)).isEqualTo("called\n");
  }

  @Test
  void attempt_abandoned_isInterruptedAndTellsNothing() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Step<Integer> waiting =
        Step.named("waiting", Integer.class)
            .run(
                c -> {
                  begun.countDown();
                  new CountDownLatch(1).await();
                  return 1;
                });
    Pipeline<Integer> pipeline = Pipeline.of("abandoned", waiting);
    InMemory records = new InMemory();
    RunSteps steps =
        worker.steps(
            pipeline,
            worker.start(pipeline, RunOptions.defaults(), SettableClock.create().instant()));
    Fate.Call call = (Fate.Call) steps.decide("waiting", records);
    RunSteps.Attempt attempt = steps.attempt(call, 1, 0, records);
    Thread thread = new Thread(attempt::run);
    thread.start();
    begun.await();
    attempt.abandon();
    thread.join();
    assertThat(settled).isEmpty();
    assertThat(events).hasSize(1);
    assertThatThrownBy(() -> steps.decide("wating", records))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot do step wating of pipeline abandoned: found [waiting]");
  }
}
