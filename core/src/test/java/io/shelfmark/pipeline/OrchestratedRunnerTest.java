package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.pipeline.OrchestratedRunner.Outcome;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each call has a workspace of its own on one store, as processes on several machines have. */
@Timeout(60)
class OrchestratedRunnerTest {

  private static final RunId RUN = RunId.of("run-1");

  @TempDir Path folder;
  private final SettableClock clock = SettableClock.create();
  private final InMemoryBlobStore store = new InMemoryBlobStore(clock);
  private final AtomicInteger homes = new AtomicInteger();
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  private interface Use<T> {
    T of(OrchestratedRunner runner) throws Exception;
  }

  private <T> T with(UnaryOperator<OrchestratedRunner.Builder> options, Use<T> use) {
    try (Workspace workspace =
            Workspace.builder()
                .store(store)
                .clock(clock)
                .home(folder.resolve("home" + homes.incrementAndGet()))
                .open();
        OrchestratedRunner runner = options.apply(OrchestratedRunner.in(workspace)).open()) {
      return use.of(runner);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Outcome run(Pipeline<?> pipeline, String step) {
    return with(
        options -> options, runner -> runner.run(pipeline, step, RunOptions.defaults().id(RUN)));
  }

  private RunRecord record() {
    return with(options -> options, runner -> runner.find(RUN).orElseThrow());
  }

  private List<String> references() {
    try (Stream<BlobInfo> blobs = store.list("references/")) {
      return blobs.map(info -> info.key().value()).toList();
    }
  }

  /** A pipeline of each kind of step, which notes what is called. */
  private Pipeline<String> kinds(Parameter<Integer> size) {
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class))
            .input(size)
            .run((c, n) -> IntStream.rangeClosed(1, n).boxed().toList());
    Step<List<Integer>> each =
        Step.forEach("each", list, Integer.class)
            .run(
                (c, n) -> {
                  calls.add(c.step());
                  return n * n;
                });
    Step<Boolean> never = Step.named("never", Boolean.class).run(c -> false);
    Step<Optional<Integer>> skipped =
        Step.named("skipped", Integer.class).run(c -> 1).onlyIf(never);
    Step<Integer> inner = Step.named("inner", Integer.class).input(size).run((c, n) -> 10 * n);
    Step<Integer> sub = Step.pipeline("sub", Pipeline.of("small", inner)).step();
    Step<String> all =
        Step.named("all", String.class)
            .input(each)
            .input(skipped)
            .input(sub)
            .run(
                (c, squares, none, ten) -> {
                  calls.add(c.step());
                  return squares + " " + none + " " + ten;
                });
    return Pipeline.of("kinds", all);
  }

  @Test
  void pipeline_stepByStepInProcessesOfTheirOwn_givesWhatItGivesInOne() throws Exception {
    Pipeline<String> pipeline = kinds(Parameter.of("size", 3));
    Map<String, Integer> codes = new LinkedHashMap<>();
    for (ExportedStep step : ExportedStep.of(pipeline)) {
      codes.put(step.id(), run(pipeline, step.id()).exitCode());
    }
    assertThat(codes)
        .containsEntry("skipped", OrchestratedRunner.SKIPPED)
        .containsEntry("sub/inner", 0)
        .doesNotContainKey("sub")
        .hasSize(6);
    assertThat(record().step("all").flatMap(StepRecord::result).orElseThrow().json())
        .isEqualTo("\"[1, 4, 9] Optional.empty 30\"");
    assertThat(calls).containsExactlyInAnyOrder("each[0]", "each[1]", "each[2]", "all");

    calls.clear();
    assertThat(run(pipeline, "each").exitCode()).isZero();
    assertThat(run(pipeline, "skipped").state()).isEqualTo(StepState.SKIPPED);
    assertThat(calls).isEmpty();

    with(
        options -> options,
        runner -> {
          runner.end(pipeline, RUN);
          runner.end(pipeline, RUN);
          return 0;
        });
    assertThat(record().state()).isEqualTo(RunState.SUCCEEDED);
    try (Workspace workspace = Workspaces.open(folder.resolve("one"));
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      assertThat(runner.run(pipeline).result()).isEqualTo("[1, 4, 9] Optional.empty 30");
    }
  }

  @Test
  void step_beforeThoseThatItTakesFrom_mayBeCalledAgain() {
    Outcome outcome = run(kinds(Parameter.of("size", 3)), "all");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.failure().orElseThrow())
        .isEqualTo(
            "Cannot do step all of run run-1: found no result of step each, expected it before (do it first)");
  }

  @Test
  void failure_isCalledAgainByTheOrchestratorAlone_withTheAttemptsNumber() {
    AtomicInteger attempts = new AtomicInteger();
    Step<Integer> flaky =
        Step.named("flaky", Integer.class)
            .retry(RetryPolicy.attempts(3).on(IOException.class))
            .run(
                c -> {
                  attempts.set(c.attempt());
                  switch (c.attempt()) {
                    case 1 -> throw new IOException("away");
                    case 2 -> throw new IllegalStateException("wrong");
                    default -> {
                      return 7;
                    }
                  }
                });
    Pipeline<Integer> pipeline = Pipeline.of("flaky", flaky);
    Outcome first = run(pipeline, "flaky");
    assertThat(first.exitCode()).isEqualTo(1);
    assertThat(first.failure()).contains("IOException: away");
    Outcome second = run(pipeline, "flaky");
    assertThat(second.exitCode()).isEqualTo(OrchestratedRunner.FAILED_FOR_GOOD);
    assertThat(run(pipeline, "flaky").exitCode()).isZero();
    assertThat(attempts).hasValue(3);
    StepRecord step = record().step("flaky").orElseThrow();
    assertThat(step.state()).isEqualTo(StepState.SUCCEEDED);
    assertThat(step.attempts())
        .extracting(attempt -> attempt.failure().orElse("none"))
        .containsExactly("IOException: away", "IllegalStateException: wrong", "none");
  }

  @Test
  void failedElements_areTheOnesThatAreCalledAgain() {
    Parameter<List<Integer>> numbers =
        Parameter.ofList("numbers", Integer.class, List.of(0, 1, 2, 3));
    Step<List<Integer>> each =
        Step.forEach("each", numbers, Integer.class)
            .retry(RetryPolicy.attempts(2))
            .run(
                (c, n) -> {
                  calls.add(c.step() + " " + c.attempt());
                  if (n % 2 == 1 && c.attempt() == 1) {
                    throw new IOException("odd");
                  }
                  return n;
                });
    Pipeline<List<Integer>> pipeline = Pipeline.of("odd", each);
    Outcome first = run(pipeline, "each");
    assertThat(first.exitCode()).isEqualTo(1);
    assertThat(first.failure().orElseThrow())
        .isEqualTo("2 of 4 elements have no result, the first because IOException: odd");
    assertThat(run(pipeline, "each").exitCode()).isZero();
    assertThat(calls)
        .containsExactlyInAnyOrder(
            "each[0] 1", "each[1] 1", "each[2] 1", "each[3] 1", "each[1] 2", "each[3] 2");
    assertThat(record().step("each").flatMap(StepRecord::result).orElseThrow().json())
        .isEqualTo("[0,1,2,3]");
  }

  /** Publishes a version that tells which of the processes made it. */
  private Pipeline<VersionRef> publishing(CyclicBarrier together) {
    AtomicInteger made = new AtomicInteger();
    return Pipeline.of(
        "publishing",
        Step.named("publish", VersionRef.class)
            .run(
                c -> {
                  Path file = c.workFolder().resolve("f");
                  Files.writeString(file, "of " + made.incrementAndGet());
                  VersionRef version = c.publish("model", file).ref();
                  together.await();
                  return version;
                }));
  }

  @Test
  void twoAtOnce_agreeOnOneResult_whoseVersionsStay() throws Exception {
    Pipeline<VersionRef> pipeline = publishing(new CyclicBarrier(2));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Outcome> one = threads.submit(() -> run(pipeline, "publish"));
      Future<Outcome> other = threads.submit(() -> run(pipeline, "publish"));
      assertThat(one.get().exitCode()).isZero();
      assertThat(other.get().exitCode()).isZero();
    } finally {
      threads.shutdownNow();
    }
    VersionRef winner =
        record().step("publish").flatMap(StepRecord::result).orElseThrow().versions().get(0);
    clock.advance(Duration.ofDays(20));
    try (Workspace workspace =
        Workspace.builder().store(store).clock(clock).home(folder.resolve("collector")).open()) {
      workspace.collectGarbage();
      assertThat(workspace.artifacts().require("model", winner.number()).files()).hasSize(1);
    }
    assertThat(references()).isNotEmpty();
    with(
        options -> options,
        runner -> {
          runner.end(pipeline, RUN);
          return 0;
        });
    assertThat(references()).isEmpty();
  }

  @Test
  void runs_thatAreTooOld_areForgotten_withWhatTheyKept() throws Exception {
    run(publishing(new CyclicBarrier(1)), "publish");
    assertThat(references()).isNotEmpty();
    Pipeline<String> other = kinds(Parameter.of("size", 1));
    clock.advance(Duration.ofDays(29));
    with(
        options -> options,
        runner -> {
          runner.end(other, RunId.of("run-2"));
          return 0;
        });
    assertThat(record().steps()).hasSize(1);
    clock.advance(Duration.ofDays(2));
    with(
        options -> options,
        runner -> {
          runner.end(other, RunId.of("run-2"));
          assertThat(runner.find(RUN)).isEmpty();
          return 0;
        });
    assertThat(references()).isEmpty();
    try (Stream<BlobInfo> left = store.list("orchestrated/")) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void tasksOfOneRun_thatDisagree_areRefused() {
    Parameter<Integer> size = Parameter.of("size", 3);
    run(kinds(size), "list");
    assertThatThrownBy(
            () ->
                with(
                    options -> options,
                    runner ->
                        runner.run(
                            kinds(size), "each", RunOptions.defaults().id(RUN).with(size, 4))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found that it began with {size=3}, expected {size=4}");
    Step<Integer> step = Step.named("list", Integer.class).run(c -> 1);
    assertThatThrownBy(() -> run(Pipeline.of("kinds", step), "list"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("let all its tasks have one build");
    assertThatThrownBy(() -> run(kinds(size), "sub"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot do step sub of pipeline kinds: found [list");
  }

  @Test
  void codeThatIgnoresItsTimeLimit_holdsNobodyUp() {
    CountDownLatch never = new CountDownLatch(1);
    Step<Integer> deaf =
        Step.named("deaf", Integer.class)
            .timeout(Duration.ofMillis(50))
            .retry(RetryPolicy.attempts(2))
            .run(
                c -> {
                  while (true) {
                    try {
                      never.await();
                    } catch (InterruptedException e) {
                      c.log("no");
                    }
                  }
                });
    Outcome outcome = run(Pipeline.of("deaf", deaf), "deaf");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.failure().orElseThrow()).contains("TimeoutException");
    never.countDown();
  }

  @Test
  void whatStepsLog_isToldWithoutSecrets_andEventsAreHeard() {
    Step<Integer> talking =
        Step.named("talking", Integer.class)
            .secret("token")
            .run(
                c -> {
                  c.log("with " + c.secret("token"));
                  c.log("done");
                  return 1;
                });
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    List<RunEvent> events = Collections.synchronizedList(new ArrayList<>());
    Pipeline<Integer> pipeline = Pipeline.of("talk", talking);
    int code =
        with(
            options ->
                options
                    .log(lines::add)
                    .listener(events::add)
                    .secrets(name -> Optional.of("s3cr3t")),
            runner ->
                runner.perform(
                    List.of(pipeline),
                    "run-step",
                    "--pipeline",
                    "talk",
                    "--run",
                    "dag/manual__2024-05-01T00:00:00+00:00",
                    "--step",
                    "talking"));
    assertThat(code).isZero();
    assertThat(lines).containsExactly("with ***", "done");
    assertThat(events)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("RunStarted", "AttemptStarted", "StepEnded");
    assertThat(events.get(0).run().value())
        .startsWith("dag-manual__2024-05-01T00-00-00-00-00-")
        .isEqualTo(OrchestratedRunner.runId("dag/manual__2024-05-01T00:00:00+00:00").value())
        .isNotEqualTo(OrchestratedRunner.runId("dag/manual__2024-05-01T00:00:00+00-00").value());
  }

  @Test
  void arguments_setParametersAndExitCodes_orAreRefused() {
    Parameter<Boolean> on = Parameter.of("on", true);
    Parameter<String> note = Parameter.of("note", "");
    Step<Optional<String>> step =
        Step.named("maybe", String.class).input(note).run((c, text) -> text).onlyIf(on);
    List<Pipeline<?>> pipelines = List.of(Pipeline.of("args", step));
    assertThat(
            perform(pipelines, "--pipeline args --run a --step maybe --parameters {\"on\":false}"))
        .isEqualTo(99);
    assertThat(
            perform(
                pipelines,
                "--pipeline args --run b --step maybe --set on=false --exit-when-skipped 0"))
        .isZero();
    assertThat(perform(pipelines, "--pipeline args --run c --step maybe --set note=a=b")).isZero();
    assertThat(perform(pipelines, "--pipeline args --run c --end")).isZero();
    for (String wrong :
        List.of(
            "--pipeline other --run a --step maybe",
            "--pipeline args --run a",
            "--pipeline args --run a --step maybe --end",
            "--pipeline args --run a --step",
            "--pipeline args --run a --step maybe --parameters {\"on\":1}",
            "--pipeline args --run a --step maybe --parameters {\"on\":",
            "--pipeline args --run a --step maybe --set on",
            "--pipeline args --run a --step maybe --exit-when-skipped x",
            "--loud")) {
      assertThat(perform(pipelines, wrong)).as(wrong).isEqualTo(2);
    }
  }

  private int perform(List<Pipeline<?>> pipelines, String arguments) {
    return with(options -> options, runner -> runner.perform(pipelines, arguments.split(" ")));
  }

  @Test
  void interrupt_reachesTheCode() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Step<Integer> long_ =
        Step.named("long", Integer.class)
            .run(
                c -> {
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } finally {
                    interrupted.countDown();
                  }
                  return 1;
                });
    Thread thread =
        new Thread(() -> assertThat(run(Pipeline.of("long", long_), "long").exitCode()).isOne());
    thread.start();
    begun.await();
    thread.interrupt();
    interrupted.await();
    thread.join();
    assertThat(record().step("long").orElseThrow().result()).isEmpty();
  }

  /** Each process has a file of its own, as it may be on a machine of its own. */
  @Test
  void lineage_ofStepsInSeveralProcesses_isThatOfOneRun() throws Exception {
    Step<VersionRef> made =
        Step.named("make", VersionRef.class)
            .run(
                c -> c.publish("model", Files.writeString(c.workFolder().resolve("f"), "x")).ref());
    Step<Integer> used = Step.named("use", Integer.class).input(made).run((c, version) -> 1);
    Pipeline<Integer> pipeline = Pipeline.of("led", used);
    RunId run = RunId.of("led-20240501-030000");
    List<io.openlineage.client.OpenLineage.RunEvent> events = new ArrayList<>();
    for (String step : List.of("make", "use", "")) {
      Path file = folder.resolve("events-" + step);
      OpenLineage lineage = OpenLineage.toFile(file).open();
      clock.advance(Duration.ofSeconds(1));
      with(
          options -> options.listener(lineage),
          runner -> {
            if (step.isEmpty()) {
              runner.end(pipeline, run);
              return 0;
            }
            return runner.run(pipeline, step, RunOptions.defaults().id(run)).exitCode();
          });
      for (String line : Files.readAllLines(file)) {
        events.add(LineageJudge.read(line));
      }
    }
    assertThat(events)
        .extracting(e -> e.getEventType() + " " + e.getJob().getName())
        .containsExactly(
            "START led",
            "START led.make",
            "COMPLETE led.make",
            "START led",
            "RUNNING led",
            "START led.use",
            "COMPLETE led.use",
            "START led",
            "RUNNING led",
            "COMPLETE led");
    assertThat(events).extracting(e -> e.getRun().getRunId()).doesNotContainNull();
    assertThat(events.stream().map(e -> e.getRun().getRunId()).distinct()).hasSize(3);
    assertThat(events.get(6).getInputs())
        .singleElement()
        .satisfies(input -> assertThat(input.getName()).isEqualTo("artifact:model"));
    assertThat(events.get(0).getRun().getFacets().getNominalTime().getNominalStartTime())
        .isEqualTo("2024-05-01T03:00:00Z");
  }

  private List<String> lineageOf(Pipeline<?> pipeline, String step, String file) throws Exception {
    OpenLineage lineage = OpenLineage.toFile(folder.resolve(file)).open();
    clock.advance(Duration.ofSeconds(1));
    with(
        options -> options.listener(lineage),
        runner -> runner.run(pipeline, step, RunOptions.defaults().id(RUN)));
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(file))) {
      var event = LineageJudge.read(line);
      lines.add(event.getEventType() + " " + event.getJob().getName());
    }
    return lines;
  }

  @Test
  void lineage_ofAFailedStep_saysSoAtItsLastAttempt() throws Exception {
    Step<Integer> bad =
        Step.named("bad", Integer.class)
            .retry(RetryPolicy.attempts(2))
            .run(
                c -> {
                  throw new IOException("away");
                });
    Pipeline<Integer> pipeline = Pipeline.of("p", bad);
    assertThat(lineageOf(pipeline, "bad", "1")).containsExactly("START p", "START p.bad");
    assertThat(lineageOf(pipeline, "bad", "2"))
        .containsExactly("START p", "RUNNING p", "START p.bad", "FAIL p.bad");
  }

  @Test
  void lineage_ofAFailedFanOut_isOneFailure() throws Exception {
    Parameter<List<Integer>> numbers = Parameter.ofList("n", Integer.class, List.of(0, 1, 2));
    Step<List<Integer>> each =
        Step.forEach("each", numbers, Integer.class)
            .run(
                (c, n) -> {
                  throw new IOException("away");
                });
    assertThat(lineageOf(Pipeline.of("p", each), "each", "1"))
        .containsExactly("START p", "START p.each", "FAIL p.each");
  }

  @Test
  void step_afterTheRunsDeadline_isNotBegun() {
    Pipeline<String> pipeline = kinds(Parameter.of("size", 1));
    RunOptions limited = RunOptions.defaults().id(RUN).deadline(Duration.ofHours(1));
    Use<Outcome> first = runner -> runner.run(pipeline, "list", limited);
    assertThat(with(options -> options, first).exitCode()).isZero();
    clock.advance(Duration.ofHours(2));
    Outcome late = with(options -> options, runner -> runner.run(pipeline, "each", limited));
    assertThat(late.exitCode()).isEqualTo(OrchestratedRunner.FAILED_FOR_GOOD);
    assertThat(late.failure()).contains("the deadline of run run-1 has passed");
    assertThat(calls).isEmpty();
  }
}
