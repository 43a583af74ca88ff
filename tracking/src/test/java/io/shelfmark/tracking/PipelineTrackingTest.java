package io.shelfmark.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.pipeline.CachePolicy;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.MetricPoint;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.RetryPolicy;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.Step;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PipelineTrackingTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;
  private Workspace workspace;
  private Tracker tracker;
  private PipelineTracking tracking;

  record Score(double recall, String remark, Map<String, Double> metrics) {}

  @BeforeEach
  void open() {
    workspace = Workspace.open(folder.resolve("workspace"));
    tracker = Tracker.in(workspace);
    tracking = PipelineTracking.of(tracker);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private <T> PipelineRun<T> run(Pipeline<T> pipeline) {
    return run(pipeline, RunOptions.defaults());
  }

  /** Runs a pipeline; all is told when the runner is closed. */
  private <T> PipelineRun<T> run(Pipeline<T> pipeline, RunOptions options) {
    try (LocalRunner runner = LocalRunner.in(workspace).listener(tracking).open()) {
      PipelineRun<T> run = runner.start(pipeline, options);
      assertThat(run.await(LONG)).isTrue();
      return run;
    }
  }

  private RunRecord of(RunId run) {
    return tracker.require(PipelineTracking.runId(run));
  }

  private RunRecord of(RunId run, String step) {
    return tracker.require(PipelineTracking.runId(run, step));
  }

  private List<RunRecord> all(String pipeline) {
    return tracker.search(RunQuery.in(tracker.experiment(pipeline).id()).limit(50_000)).items();
  }

  private double metric(RunRecord run, String key) {
    return run.metrics().get(key).value();
  }

  private Pipeline<Score> training() {
    Parameter<Integer> epochs = Parameter.of("epochs", 3);
    Parameter<String> size = Parameter.of("size", "small");
    Step<ArtifactVersion> model =
        Step.named("train", ArtifactVersion.class)
            .input(epochs)
            .input(size)
            .cached(CachePolicy.byInputs("v1"))
            .run(
                (context, n, s) -> {
                  Run run = tracking.runOf(context);
                  IntStream.range(0, n)
                      .forEach(epoch -> run.metric("loss", 1.0 / (epoch + 1), epoch));
                  try (var version = context.newArtifact("model")) {
                    return version
                        .addStream("file", new ByteArrayInputStream(new byte[] {1}))
                        .publish();
                  }
                });
    return Pipeline.of(
        "training",
        Step.named("evaluate", Score.class)
            .input(model)
            .run((context, version) -> new Score(0.9, "fine", Map.of("val/mAP50", 0.8))));
  }

  @Test
  void run_ofPipeline_isARunWithARunForEachStep() {
    RunId id = run(training()).id();
    RunRecord whole = of(id);
    assertThat(whole.info().name()).isEqualTo(id.value());
    assertThat(whole.info().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(whole.params()).containsOnly(Map.entry("epochs", "3"), Map.entry("size", "small"));
    assertThat(whole.tags())
        .containsEntry("shelfmark.pipeline", "training")
        .containsEntry("shelfmark.state", "SUCCEEDED")
        .containsEntry("shelfmark.graph", training().graph().digest().toString());
    assertThat(metric(whole, "run/seconds")).isPositive();

    RunRecord train = of(id, "train");
    assertThat(train.info().name()).isEqualTo("train");
    assertThat(train.info().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(train.params()).containsEntry("epochs", "3");
    assertThat(train.tags())
        .containsEntry(NewRun.PARENT_TAG, whole.info().id())
        .containsEntry("shelfmark.step", "train")
        .containsEntry("shelfmark.outputs", "artifact:model@1");
    assertThat(tracker.curve(train.info().id(), "loss", 10).points()).hasSize(3);
    assertThat(metric(train, "step/attempts")).isEqualTo(1);

    assertThat(of(id, "evaluate").metrics().keySet())
        .containsExactlyInAnyOrder("recall", "val/mAP50", "step/seconds", "step/attempts");
    assertThat(all("training")).hasSize(3);
  }

  @Test
  void cachedStep_saysWhereItsResultIsFrom() {
    RunId first = run(training()).id();
    RunId second = run(training()).id();
    RunRecord train = of(second, "train");
    assertThat(train.info().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(train.tags())
        .containsEntry("shelfmark.state", "CACHED")
        .containsEntry("shelfmark.cachedFrom", first.value());
    assertThat(train.metrics()).doesNotContainKeys("step/seconds", "step/attempts");
  }

  @Test
  void failedStep_failsItsRunAndTheWhole() {
    Step<Integer> flaky =
        Step.named("flaky", Integer.class)
            .retry(RetryPolicy.attempts(2).backoff(Duration.ofMillis(1), Duration.ofMillis(1)))
            .run(
                context -> {
                  tracking.runOf(context).metric("attempt", context.attempt());
                  throw new IOException("disk on fire");
                });
    Step<Integer> after = Step.named("after", Integer.class).input(flaky).run((c, n) -> n);
    RunId id = run(Pipeline.of("failing", after)).id();
    assertThat(of(id).info().status()).isEqualTo(RunStatus.FAILED);
    RunRecord step = of(id, "flaky");
    assertThat(step.info().status()).isEqualTo(RunStatus.FAILED);
    assertThat(step.tags()).containsEntry("shelfmark.failure", "IOException: disk on fire");
    assertThat(metric(step, "step/attempts")).isEqualTo(2);
    assertThat(metric(step, "attempt")).isEqualTo(2);
    assertThat(tracker.find(PipelineTracking.runId(id, "after"))).isEmpty();
  }

  @Test
  void cancelledRun_killsWhatWasAtWork() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Step<Integer> waiting =
        Step.named("waiting", Integer.class)
            .run(
                context -> {
                  begun.countDown();
                  new CountDownLatch(1).await();
                  return 1;
                });
    RunId id;
    try (LocalRunner runner = LocalRunner.in(workspace).listener(tracking).open()) {
      PipelineRun<Integer> run = runner.start(Pipeline.of("cancelled", waiting));
      id = run.id();
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      runner.cancel(id, "not needed");
      assertThat(run.await(LONG)).isTrue();
    }
    assertThat(of(id).info().status()).isEqualTo(RunStatus.KILLED);
    assertThat(of(id, "waiting").info().status()).isEqualTo(RunStatus.KILLED);
  }

  private static Pipeline<List<Integer>> fanOut(int size) {
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class))
            .run(context -> IntStream.range(0, size).boxed().toList());
    return Pipeline.of(
        "fan-out",
        Step.forEach("each", list, Integer.class)
            .run(
                (context, n) -> {
                  if (n == 7) {
                    throw new IOException("seven");
                  }
                  return n;
                }));
  }

  @Test
  void fanOut_isOneRunWithAPointForEachElement() {
    RunId id = run(fanOut(1000)).id();
    assertThat(all("fan-out")).hasSize(3);
    RunRecord each = of(id, "each");
    assertThat(each.info().status()).isEqualTo(RunStatus.FAILED);
    assertThat(each.metrics().get("element/failed"))
        .satisfies(point -> assertThat(point.step()).isEqualTo(7));
    assertThat(tracker.curve(each.info().id(), "element/seconds", 5000).points()).hasSize(1000);
  }

  @Test
  void fanOut_withElements_isARunForEach() {
    tracking = tracking.withElements();
    RunId id = run(fanOut(20)).id();
    assertThat(all("fan-out")).hasSize(23);
    RunRecord seven = of(id, "each[7]");
    assertThat(seven.info().status()).isEqualTo(RunStatus.FAILED);
    assertThat(seven.tags()).containsEntry(NewRun.PARENT_TAG, PipelineTracking.runId(id, "each"));
    assertThat(of(id, "each[8]").info().status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void subPipeline_hasTheRunsOfItsSteps() {
    Step<Integer> inner = Step.named("inner", Integer.class).run(context -> 1);
    Step<Integer> sub = Step.pipeline("sub", Pipeline.of("within", inner)).step();
    RunId id = run(Pipeline.of("around", sub)).id();
    assertThat(all("around")).hasSize(2);
    assertThat(of(id, "sub/inner").info().status()).isEqualTo(RunStatus.FINISHED);
  }

  /** What is on record of runs, without the times at which it was written. */
  private List<String> told(String pipeline) {
    List<String> told = new ArrayList<>();
    for (RunRecord run : all(pipeline)) {
      told.add(
          run.info().id()
              + run.info().status()
              + run.info().startTime()
              + run.params()
              + run.metrics());
      for (String key : run.metrics().keySet()) {
        if (!key.startsWith("system/")) {
          told.add(
              key
                  + tracker
                      .store()
                      .runs()
                      .history(run.info().id(), key, 2000, Optional.empty())
                      .items());
        }
      }
    }
    return told;
  }

  @Test
  void events_toldTwice_areNotDoubled() {
    List<RunEvent> events = new ArrayList<>();
    try (LocalRunner runner =
        LocalRunner.in(workspace).listener(tracking).listener(events::add).open()) {
      assertThat(runner.start(fanOut(30)).await(LONG)).isTrue();
    }
    List<String> once = told("fan-out");
    events.forEach(PipelineTracking.of(tracker)::happened);
    assertThat(told("fan-out")).containsExactlyInAnyOrderElementsOf(once);
  }

  @Test
  void catchUp_afterEventsThatWereLost_tellsTheSameAsTheyWould() {
    List<RunEvent> events = new ArrayList<>();
    try (LocalRunner runner = LocalRunner.in(workspace).listener(events::add).open()) {
      assertThat(runner.start(fanOut(30)).await(LONG)).isTrue();
    }
    // a process that was killed when it had told some
    events.subList(0, 35).forEach(tracking::happened);
    PipelineTracking next = PipelineTracking.of(tracker);
    try (LocalRunner runner = LocalRunner.in(workspace).listener(next).open()) {
      assertThat(next.catchUp(runner, "fan-out")).isEqualTo(1);
      assertThat(next.catchUp(runner, "fan-out")).isZero();
    }
    List<String> caughtUp = told("fan-out");
    assertThat(caughtUp).hasSizeGreaterThan(5);
    events.forEach(PipelineTracking.of(tracker)::happened);
    assertThat(told("fan-out")).containsExactlyInAnyOrderElementsOf(caughtUp);
  }

  @Test
  void run_resumedInAnotherProcess_goesOnInItsTrackingRuns() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Step<Integer> first = Step.named("first", Integer.class).run(context -> 1);
    boolean[] again = {false};
    Step<Integer> second =
        Step.named("second", Integer.class)
            .input(first)
            .run(
                (context, n) -> {
                  if (!again[0]) {
                    begun.countDown();
                    new CountDownLatch(1).await();
                  }
                  tracking.runOf(context).metric("seen", 5);
                  return n;
                });
    Pipeline<Integer> pipeline = Pipeline.of("resumed", second);
    RunId id;
    try (LocalRunner runner = LocalRunner.in(workspace).listener(tracking).open()) {
      id = runner.start(pipeline).id();
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(of(id).info().status()).isEqualTo(RunStatus.RUNNING);
    again[0] = true;
    tracking = PipelineTracking.of(tracker);
    try (LocalRunner runner = LocalRunner.in(workspace).listener(tracking).open()) {
      runner.register(pipeline);
      assertThat(runner.resume())
          .singleElement()
          .satisfies(r -> assertThat(r.await(LONG)).isTrue());
    }
    assertThat(of(id).info().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(metric(of(id, "second"), "step/attempts")).isEqualTo(2);
    assertThat(metric(of(id, "second"), "seen")).isEqualTo(5);
    assertThat(all("resumed")).hasSize(3);
  }

  @Test
  void runOf_withoutListening_saysWhatToDo() {
    Step<Integer> step =
        Step.named("step", Integer.class)
            .run(
                context -> {
                  Thread.currentThread().interrupt(); // does not wait for what never comes
                  tracking.runOf(context);
                  return 1;
                });
    try (LocalRunner runner = LocalRunner.in(workspace).open()) {
      PipelineRun<Integer> run = runner.start(Pipeline.of("deaf", step));
      assertThat(run.await(LONG)).isTrue();
      assertThat(run.record().step("step").orElseThrow().failure().orElseThrow())
          .contains("Cannot log to the run of step step", "as a listener");
    }
  }

  private static void nextMillisecond() {
    long now = System.currentTimeMillis();
    while (System.currentTimeMillis() == now) {
      Thread.onSpinWait();
    }
  }

  @Test
  void latest_metricOfAnExperiment_isTheLastPointOfEachRunNewestFirst() {
    assertThat(tracker.latest("nothing", "recall", 3)).isEmpty();
    Experiment experiment = tracker.experiment("nightly");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      nextMillisecond(); // runs that begin in one are in no order
      try (Run run = experiment.start("run-" + i)) {
        ids.add(run.id());
        run.metric("recall", 0.1, 0);
        if (i != 3) {
          run.metric("recall", i, 7);
        }
      }
    }
    try (Run run = experiment.start("without")) {
      run.metric("other", 1);
    }
    assertThat(tracker.latest("nightly", "recall", 3))
        .extracting(MetricPoint::run, MetricPoint::value, MetricPoint::step)
        .containsExactly(
            tuple(ids.get(3), 0.1, 0L), tuple(ids.get(2), 2.0, 7L), tuple(ids.get(1), 1.0, 7L));
    assertThat(tracker.latest("nightly", "missing", 3)).isEmpty();
  }

  @Test
  void events_ofOneRunInSeveralProcesses_makeOneRecord() {
    List<RunEvent> events = new ArrayList<>();
    try (LocalRunner runner = LocalRunner.in(workspace).listener(events::add).open()) {
      assertThat(runner.start(fanOut(30)).await(LONG)).isTrue();
    }
    // as on a cluster: each process hears what it does, and the first event is the last to arrive
    List<PipelineTracking> processes =
        IntStream.range(0, 3).mapToObj(i -> PipelineTracking.of(tracker)).toList();
    RunId id = events.get(0).run();
    for (RunEvent event : events.subList(1, events.size())) {
      processes.get(Math.floorMod(stepOf(event).hashCode(), 2)).happened(event);
    }
    assertThat(tracker.find(PipelineTracking.runId(id))).isEmpty();
    processes.get(2).happened(events.get(0));
    await(() -> of(id).tags().containsKey("shelfmark.state"));
    String each = PipelineTracking.runId(id, "each");
    await(() -> "FAILED".equals(of(id, "each").tags().get("shelfmark.state")));
    await(() -> tracker.curve(each, "element/seconds", 100).points().size() == 30);
    List<String> several = told("fan-out");
    events.forEach(PipelineTracking.of(tracker)::happened);
    assertThat(told("fan-out")).containsExactlyInAnyOrderElementsOf(several);
    assertThat(several).anyMatch(text -> text.contains("element/failed"));
    assertThat(of(id, "each").info().status()).isEqualTo(RunStatus.FAILED);
  }

  private static String stepOf(RunEvent event) {
    return event instanceof RunEvent.AttemptStarted started
        ? started.step()
        : event instanceof RunEvent.AttemptFailed failed
            ? failed.step()
            : event instanceof RunEvent.StepEnded ended ? ended.step() : "";
  }

  /** Asks until it is so; the test's time limit ends it. */
  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void happened_runThatIsNotOnRecord_isLeftAlone() {
    RunId unknown = RunId.of("unknown");
    tracking.happened(new RunEvent.AttemptStarted(unknown, Instant.EPOCH, "step", 1));
    assertThat(tracker.find(PipelineTracking.runId(unknown))).isEmpty();
    assertThat(tracker.find(PipelineTracking.runId(unknown, "step"))).isEmpty();
  }
}
