package io.shelfmark.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.pipeline.CachePolicy;
import io.shelfmark.pipeline.Explanation;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.RetryPolicy;
import io.shelfmark.pipeline.RunFailedException;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link PipelineRunner} does. The runner under test has at least two steps at once, the
 * secret {@code token} with the value {@code s3cr3t-value}, and a cache that is empty at first.
 */
@Timeout(60)
public abstract class PipelineRunnerContract {

  /** The value of the secret {@code token}. */
  public static final String SECRET = "s3cr3t-value";

  private static final Duration LONG = Duration.ofSeconds(30);

  /** The runner under test, the same through one test. */
  protected abstract PipelineRunner runner();

  /** A value of a host's own. */
  public record Score(String name, double value, Optional<String> remark) {}

  /** A value that Jackson cannot write. */
  public static final class Unwritable {
    private final Object self = this;

    public Object getSelf() {
      return self;
    }
  }

  private static Step<Integer> number(String name, int value) {
    return Step.named(name, Integer.class).run(context -> value);
  }

  private static StepRecord step(PipelineRun<?> run, String name) {
    return run.record().step(name).orElseThrow();
  }

  @Test
  void run_typedSteps_givesResultAndRecord() {
    Step<Integer> two = number("two", 2);
    Step<String> text = Step.named("text", String.class).input(two).run((c, n) -> "n" + n);
    Step<Score> score =
        Step.named("score", Score.class)
            .input(two)
            .input(text)
            .run((c, n, t) -> new Score(t, n * 1.5, Optional.of("fine")));
    PipelineRun<Score> run = runner().run(Pipeline.of("typed", score));
    assertThat(run.result()).isEqualTo(new Score("n2", 3.0, Optional.of("fine")));
    assertThat(run.record().state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(run.steps())
        .extracting(StepRecord::name)
        .containsExactlyInAnyOrder("two", "text", "score");
    assertThat(run.steps()).extracting(StepRecord::state).containsOnly(StepState.SUCCEEDED);
    assertThat(step(run, "text").attempts())
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.endedAt()).isPresent());
    assertThat(runner().find(run.id())).contains(run.record());
    assertThat(runner().runs("typed")).containsExactly(run.record());
  }

  @Test
  void run_parameters_areDefaultsUnlessSet() {
    Parameter<Integer> epochs = Parameter.of("epochs", 20);
    Step<Integer> twice = Step.named("twice", Integer.class).input(epochs).run((c, n) -> 2 * n);
    Pipeline<Integer> pipeline = Pipeline.of("parameters", twice);
    assertThat(runner().run(pipeline).result()).isEqualTo(40);
    assertThat(runner().run(pipeline, RunOptions.defaults().with(epochs, 3)).result()).isEqualTo(6);
    assertThat(runner().run(pipeline, RunOptions.defaults().with("epochs", "4")).result())
        .isEqualTo(8);
    assertThatThrownBy(() -> runner().start(pipeline, RunOptions.defaults().with("epochs", "many")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot set parameter epochs to «many»");
    assertThatThrownBy(() -> runner().start(pipeline, RunOptions.defaults().with("epoch", "4")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found settings for [epoch]");
  }

  @Test
  void run_listOfInputs_keepsTheirOrder() {
    List<Step<Integer>> many = IntStream.range(0, 7).mapToObj(i -> number("n" + i, i)).toList();
    Step<String> all =
        Step.named("all", String.class).inputs(many).run((c, list) -> list.toString());
    assertThat(runner().run(Pipeline.of("many", all)).result()).isEqualTo("[0, 1, 2, 3, 4, 5, 6]");
  }

  @Test
  void run_fanOut_gathersInOrder() {
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class))
            .run(c -> IntStream.range(0, 25).boxed().toList());
    Step<List<String>> each =
        Step.forEach("each", list, String.class)
            .input(number("factor", 3))
            .run((c, element, factor) -> "v" + element * factor);
    PipelineRun<List<String>> run = runner().run(Pipeline.of("fan-out", each));
    assertThat(run.result()).isEqualTo(IntStream.range(0, 25).mapToObj(i -> "v" + 3 * i).toList());
    assertThat(step(run, "each[24]").state()).isEqualTo(StepState.SUCCEEDED);
  }

  @Test
  void run_fanOutOverNothing_givesNothing() {
    Parameter<List<String>> none = Parameter.ofList("names", String.class, List.of());
    Step<List<String>> each = Step.forEach("each", none, String.class).run((c, name) -> name);
    assertThat(runner().run(Pipeline.of("nothing", each)).result()).isEmpty();
  }

  @Test
  void run_falseCondition_skips() {
    Parameter<Boolean> wanted = Parameter.of("wanted", false);
    Step<Optional<Integer>> maybe = number("maybe", 5).onlyIf(wanted);
    Step<String> after =
        Step.named("after", String.class).input(maybe).run((c, value) -> value.toString());
    Pipeline<String> pipeline = Pipeline.of("conditional", after);
    PipelineRun<String> skipped = runner().run(pipeline);
    assertThat(skipped.result()).isEqualTo("Optional.empty");
    assertThat(step(skipped, "maybe").state()).isEqualTo(StepState.SKIPPED);
    assertThat(runner().run(pipeline, RunOptions.defaults().with(wanted, true)).result())
        .isEqualTo("Optional[5]");
  }

  @Test
  void run_subPipeline_runsItsStepsUnderItsName() {
    Parameter<Integer> size = Parameter.of("size", 1);
    Step<Integer> square = Step.named("square", Integer.class).input(size).run((c, n) -> n * n);
    Pipeline<Integer> inner = Pipeline.of("inner", square);
    Step<Integer> first = Step.pipeline("first", inner).with(size, number("three", 3)).step();
    Step<Integer> second = Step.pipeline("second", inner).step();
    Step<Integer> sum =
        Step.named("sum", Integer.class).input(first).input(second).run((c, a, b) -> a + b);
    Pipeline<Integer> outer = Pipeline.of("outer", sum);
    assertThat(outer.parameters()).containsExactly(size);
    PipelineRun<Integer> run = runner().run(outer, RunOptions.defaults().with(size, 2));
    assertThat(run.result()).isEqualTo(13);
    assertThat(step(run, "first/square").result().orElseThrow().json()).isEqualTo("9");
    Step<Optional<Integer>> off = first.onlyIf(Parameter.of("on", false));
    PipelineRun<Optional<Integer>> none = runner().run(Pipeline.of("off", off));
    assertThat(none.result()).isEmpty();
    assertThat(step(none, "first/square").state()).isEqualTo(StepState.SKIPPED);
  }

  @Test
  void run_failingSteps_haveClearRecordsAndTheOthersGoOn() {
    Step<Integer> throwing =
        Step.named("throwing", Integer.class)
            .run(
                c -> {
                  throw new IOException("disk on fire");
                });
    Step<Integer> nothing = Step.named("nothing", Integer.class).run(c -> null);
    Step<Unwritable> unwritable =
        Step.named("unwritable", Unwritable.class).run(c -> new Unwritable());
    Step<Integer> error =
        Step.named("error", Integer.class)
            .run(
                c -> {
                  throw new StackOverflowError();
                });
    Step<Integer> after = Step.named("after", Integer.class).input(throwing).run((c, n) -> n);
    Step<Integer> fine = number("fine", 1);
    PipelineRun<Integer> run =
        runner().start(Pipeline.of("failing", after, nothing, unwritable, error, fine));
    assertThatThrownBy(run::result)
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("Cannot give the result of run " + run.id())
        .hasMessageContaining("FAILED");
    assertThat(run.record().state()).isEqualTo(RunState.FAILED);
    assertThat(step(run, "throwing").failure()).contains("IOException: disk on fire");
    assertThat(step(run, "nothing").failure().orElseThrow()).contains("its result is null");
    assertThat(step(run, "unwritable").failure().orElseThrow())
        .contains("cannot be written as JSON");
    assertThat(step(run, "error").failure()).contains("StackOverflowError");
    assertThat(step(run, "after").state()).isEqualTo(StepState.NOT_RUN);
    assertThat(step(run, "fine").state()).isEqualTo(StepState.SUCCEEDED);
    assertThat(runner().log(run.id(), "throwing")).contains("disk on fire", "at io.shelfmark");
  }

  @Test
  void step_failsThenSucceeds_isRetriedWithinItsPolicy() {
    AtomicInteger calls = new AtomicInteger();
    RetryPolicy policy =
        RetryPolicy.attempts(3)
            .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
            .on(IOException.class);
    Step<Integer> flaky =
        Step.named("flaky", Integer.class)
            .retry(policy)
            .run(
                c -> {
                  if (calls.incrementAndGet() < 3) {
                    throw new IOException("attempt " + c.attempt());
                  }
                  return c.attempt();
                });
    PipelineRun<Integer> run = runner().run(Pipeline.of("flaky", flaky));
    assertThat(run.result()).isEqualTo(3);
    assertThat(step(run, "flaky").attempts())
        .extracting(StepRecord.Attempt::failure)
        .containsExactly(
            Optional.of("IOException: attempt 1"),
            Optional.of("IOException: attempt 2"),
            Optional.empty());
    Step<Integer> other =
        Step.named("other", Integer.class)
            .retry(policy)
            .run(
                c -> {
                  throw new IllegalStateException("not worth it");
                });
    PipelineRun<Integer> failed = runner().start(Pipeline.of("other", other));
    assertThat(failed.await(LONG)).isTrue();
    assertThat(step(failed, "other").attempts()).hasSize(1);
  }

  @Test
  void step_hangs_isInterruptedAtItsLimit() {
    CountDownLatch interrupted = new CountDownLatch(1);
    Step<Integer> hanging =
        Step.named("hanging", Integer.class)
            .timeout(Duration.ofMillis(20))
            .run(
                c -> {
                  try {
                    new CountDownLatch(1).await();
                  } finally {
                    interrupted.countDown();
                  }
                  return 1;
                });
    PipelineRun<Integer> run = runner().start(Pipeline.of("hanging", hanging));
    assertThat(run.await(LONG)).isTrue();
    assertThat(interrupted)
        .satisfies(latch -> assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue());
    assertThat(step(run, "hanging").failure().orElseThrow()).contains("running after PT0.02S");
  }

  @Test
  void cancel_interruptsAndBeginsNothingMore() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Step<Integer> waiting =
        Step.named("waiting", Integer.class)
            .run(
                c -> {
                  begun.countDown();
                  new CountDownLatch(1).await();
                  return 1;
                });
    AtomicInteger calls = new AtomicInteger();
    Step<Integer> after =
        Step.named("after", Integer.class).input(waiting).run((c, n) -> calls.incrementAndGet());
    PipelineRun<Integer> run = runner().start(Pipeline.of("cancelled", after));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    runner().cancel(run.id(), "not needed");
    assertThat(run.await(LONG)).isTrue();
    assertThat(run.record().state()).isEqualTo(RunState.CANCELLED);
    assertThat(run.record().failure()).contains("not needed");
    assertThat(step(run, "waiting").state()).isEqualTo(StepState.CANCELLED);
    assertThat(calls).hasValue(0);
  }

  @Test
  void run_pastItsDeadline_fails() {
    Step<Integer> waiting =
        Step.named("waiting", Integer.class)
            .run(
                c -> {
                  new CountDownLatch(1).await();
                  return 1;
                });
    PipelineRun<Integer> run =
        runner()
            .start(
                Pipeline.of("late", waiting),
                RunOptions.defaults().deadline(Duration.ofMillis(20)));
    assertThat(run.await(LONG)).isTrue();
    assertThat(run.record().state()).isEqualTo(RunState.FAILED);
    assertThat(run.record().failure().orElseThrow()).contains("deadline");
  }

  @Test
  void start_underOneId_happensOnce() {
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer> pipeline =
        Pipeline.of("once", Step.named("count", Integer.class).run(c -> calls.incrementAndGet()));
    RunOptions options = RunOptions.defaults().id(RunId.of("nightly-2024-05-01"));
    assertThat(runner().run(pipeline, options).result()).isEqualTo(1);
    assertThat(runner().run(pipeline, options).result()).isEqualTo(1);
    assertThat(calls).hasValue(1);
  }

  @Test
  void cachedStep_runsAgainOnlyWhenAnInputChanges() {
    AtomicInteger calls = new AtomicInteger();
    Parameter<Integer> epochs = Parameter.of("epochs", 1);
    Step<Integer> train =
        Step.named("train", Integer.class)
            .input(epochs)
            .cached(CachePolicy.byInputs("v1"))
            .run((c, n) -> 10 * n + calls.incrementAndGet());
    Pipeline<Integer> pipeline = Pipeline.of("cached", train);
    PipelineRun<Integer> first = runner().run(pipeline);
    PipelineRun<Integer> second = runner().run(pipeline);
    assertThat(second.result()).isEqualTo(11);
    assertThat(step(second, "train").state()).isEqualTo(StepState.CACHED);
    assertThat(step(second, "train").result().orElseThrow().cachedFrom()).contains(first.id());
    assertThat(runner().run(Pipeline.of("another", train)).result()).isEqualTo(11);
    assertThat(runner().run(pipeline, RunOptions.defaults().with(epochs, 2)).result())
        .isEqualTo(22);
    assertThat(calls).hasValue(2);
  }

  @Test
  void explain_namesTheInputThatChanged() {
    Parameter<Integer> epochs = Parameter.of("epochs", 1);
    Parameter<String> size = Parameter.of("size", "small");
    Step<Integer> train =
        Step.named("train", Integer.class)
            .input(epochs)
            .input(size)
            .cached(CachePolicy.byInputs("v1"))
            .run((c, n, s) -> n);
    Step<Integer> report = Step.named("report", Integer.class).input(train).run((c, n) -> n);
    Pipeline<Integer> pipeline = Pipeline.of("explained", report);
    assertThat(runner().explain(pipeline).steps())
        .containsExactly(
            new Explanation.StepPlan("train", Explanation.Plan.RUN, "it has no result yet"),
            new Explanation.StepPlan(
                "report", Explanation.Plan.DEPENDS, "takes from train, which runs first"));
    RunId run = runner().run(pipeline).id();
    assertThat(runner().explain(pipeline).steps())
        .containsExactly(
            new Explanation.StepPlan(
                "train", Explanation.Plan.CACHED, "run " + run + " had the same inputs"),
            new Explanation.StepPlan("report", Explanation.Plan.RUN, "it is not cached"));
    assertThat(runner().explain(pipeline, RunOptions.defaults().with(size, "large")).step("train"))
        .contains(
            new Explanation.StepPlan(
                "train", Explanation.Plan.RUN, "input size changed since run " + run));
  }

  @Test
  void rerun_fromStep_takesTheOthersFromTheEarlierRun() {
    AtomicInteger data = new AtomicInteger();
    AtomicInteger train = new AtomicInteger();
    Step<Integer> first = Step.named("data", Integer.class).run(c -> data.incrementAndGet());
    Step<Integer> second =
        Step.named("train", Integer.class)
            .input(first)
            .cached(CachePolicy.byInputs("v1"))
            .run((c, n) -> train.incrementAndGet());
    Pipeline<Integer> pipeline = Pipeline.of("rerun", second);
    PipelineRun<Integer> earlier = runner().run(pipeline);
    PipelineRun<Integer> later =
        runner().run(pipeline, RunOptions.defaults().rerun(earlier.id(), "train"));
    assertThat(later.result()).isEqualTo(2);
    assertThat(data).hasValue(1);
    assertThat(step(later, "data").state()).isEqualTo(StepState.CACHED);
    assertThatThrownBy(
            () -> runner().start(pipeline, RunOptions.defaults().rerun(earlier.id(), "tran")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot rerun from step tran: found [data, train]");
  }

  @Test
  void secrets_areGivenToTheStepAndMasked() {
    Step<Integer> step =
        Step.named("secretive", Integer.class)
            .secret("token")
            .run(
                c -> {
                  c.log("the token is " + c.secret("token"));
                  throw new IOException("refused " + c.secret("token"));
                });
    PipelineRun<Integer> run = runner().start(Pipeline.of("secretive", step));
    assertThat(run.await(LONG)).isTrue();
    assertThat(runner().log(run.id(), "secretive")).contains("the token is ***");
    assertThat(runner().log(run.id(), "secretive") + run.record()).doesNotContain(SECRET);
    Step<String> telling =
        Step.named("telling", String.class).secret("token").run(c -> c.secret("token"));
    PipelineRun<String> told = runner().start(Pipeline.of("telling", telling));
    assertThat(told.await(LONG)).isTrue();
    assertThat(step(told, "telling").failure().orElseThrow()).contains("holds a secret");
  }

  @Test
  void secretThatIsMissing_failsTheStepThatWantsIt() {
    Step<Integer> step = Step.named("wanting", Integer.class).secret("no-such-secret").run(c -> 1);
    PipelineRun<Integer> run = runner().start(Pipeline.of("wanting", step));
    assertThat(run.await(LONG)).isTrue();
    assertThat(step(run, "wanting").failure().orElseThrow())
        .contains("found no secret no-such-secret");
  }

  @Test
  void artifacts_publishedByAStep_sayWhichAndFromWhat() {
    Step<ArtifactVersion> model = publishing("model", "weights");
    Step<ArtifactVersion> report =
        Step.named("report", ArtifactVersion.class)
            .input(model)
            .run(
                (c, input) -> {
                  try (var version = c.newArtifact("report")) {
                    return version
                        .addStream("report.txt", new ByteArrayInputStream(new byte[] {1}))
                        .publish();
                  }
                });
    PipelineRun<ArtifactVersion> run = runner().run(Pipeline.of("publishing", report));
    assertThat(run.result().provenance().producer()).contains("run:" + run.id() + "/report");
    assertThat(run.result().inputs())
        .extracting(Object::toString)
        .containsExactly("artifact:model@1");
    assertThat(step(run, "model").result().orElseThrow().json()).isEqualTo("\"artifact:model@1\"");
  }

  private static Step<ArtifactVersion> publishing(String artifact, String content) {
    return Step.named("model", ArtifactVersion.class)
        .run(
            c -> {
              try (var version = c.newArtifact(artifact)) {
                return version
                    .addStream("file", new ByteArrayInputStream(content.getBytes(UTF_8)))
                    .publish();
              }
            });
  }
}
