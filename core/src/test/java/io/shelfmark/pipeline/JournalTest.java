package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.shelfmark.Workspace;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the journal bears: large results, code that fails on its thread, interrupted callers. */
@Timeout(60)
class JournalTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void resultOfManyMegabytes_isReadAgainFromJournalRecordAndCache() {
    String text = "é\"x".repeat(8_000_000);
    AtomicInteger calls = new AtomicInteger();
    Pipeline<String> pipeline =
        Pipeline.of(
            "large",
            Step.named("text", String.class)
                .cached(CachePolicy.byInputs("v1"))
                .run(
                    context -> {
                      calls.incrementAndGet();
                      return text;
                    }));
    try (Workspace workspace = Workspaces.open(folder)) {
      RunId id;
      try (LocalRunner runner = LocalRunner.in(workspace).open()) {
        id = runner.run(pipeline).id();
        assertThat(runner.run(pipeline).result()).isEqualTo(text);
      }
      try (LocalRunner runner = LocalRunner.in(workspace).open()) {
        PipelineRun<String> ended = runner.start(pipeline, RunOptions.defaults().id(id));
        assertThat(ended.result().equals(text)).isTrue();
      }
    }
    assertThat(calls).hasValue(1);
  }

  @Test
  void resultTooLargeForARecord_failsItsStepAndNoOther() {
    String piece = "x".repeat(1 << 20);
    int pieces = StepResult.LONGEST / piece.length() + 1;
    Step<List<String>> large =
        Step.named("large", ResultType.listOf(String.class))
            .run(context -> Collections.nCopies(pieces, piece));
    Parameter<List<Integer>> list =
        Parameter.ofList("list", Integer.class, Collections.nCopies(pieces, 1));
    Step<List<String>> each = Step.forEach("each", list, String.class).run((context, n) -> piece);
    Step<Integer> fine = Step.named("fine", Integer.class).run(context -> 1);
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).withoutJournal().open()) {
      PipelineRun<Integer> run = runner.start(Pipeline.of("large", fine, large, each));
      assertThat(run.await(LONG)).isTrue();
      assertThat(run.record().step("large").orElseThrow().failure().orElseThrow())
          .contains("characters of JSON, expected at most " + StepResult.LONGEST);
      assertThat(run.record().step("each").orElseThrow().failure().orElseThrow())
          .contains("characters of JSON, expected at most " + StepResult.LONGEST);
      assertThat(run.record().step("fine").map(StepRecord::state)).contains(StepState.SUCCEEDED);
    }
  }

  @Test
  void failureWithAnEndlessMessage_isKeptInPart() {
    Step<Integer> step =
        Step.named("talking", Integer.class)
            .run(
                context -> {
                  throw new IllegalStateException("why ".repeat(1_000_000));
                });
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      PipelineRun<Integer> run = runner.start(Pipeline.of("talking", step));
      assertThat(run.await(LONG)).isTrue();
      String failure = run.record().step("talking").orElseThrow().failure().orElseThrow();
      assertThat(failure).startsWith("IllegalStateException: why why").hasSizeLessThan(20_000);
    }
  }

  @Test
  void errorOnItsThread_isTold_andNothingMoreIsPutOnRecord() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    AtomicReference<StorageException> failure = new AtomicReference<>();
    AtomicInteger later = new AtomicInteger();
    try (FileJournal journal =
        FileJournal.open(
            folder,
            event -> {},
            event -> true,
            why -> {
              failure.set(why);
              told.countDown();
            })) {
      RunEvent event = new RunEvent.AttemptStarted(RunId.of("r"), Instant.EPOCH, "step", 1);
      journal.append(
          event,
          Journal.Wait.FOR_DISK,
          () -> {
            throw new StackOverflowError();
          });
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(failure.get()).hasRootCauseInstanceOf(StackOverflowError.class);
      journal.append(event, Journal.Wait.FOR_DISK, later::incrementAndGet);
    }
    assertThat(later).hasValue(0);
  }

  @Test
  void cutThatFails_letsTheJournalGrowOn() throws Exception {
    AtomicReference<StorageException> failure = new AtomicReference<>();
    CountDownLatch written = new CountDownLatch(2);
    try (FileJournal journal = FileJournal.open(folder, event -> {}, event -> true, failure::set)) {
      journal.cutBeyond(
          1,
          event -> true,
          () -> {
            throw new UncheckedIOException(new IOException("a folder that cannot be listed"));
          });
      RunEvent event = new RunEvent.AttemptStarted(RunId.of("r"), Instant.EPOCH, "step", 1);
      journal.append(event, Journal.Wait.FOR_DISK, written::countDown);
      journal.append(event, Journal.Wait.FOR_DISK, written::countDown);
      journal.append(event, Journal.Wait.FOR_DISK, written::countDown);
      assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(failure.get()).isNull();
    List<RunEvent> events = new ArrayList<>();
    FileJournal.open(folder, events::add, event -> true, failure::set).close();
    assertThat(events).hasSize(3);
  }

  /** A host's type, whose code is not there when it is read again. */
  @JsonDeserialize(using = OddReader.class)
  record Odd(int value) {
    static final AtomicInteger LEFT = new AtomicInteger();
  }

  static final class OddReader extends JsonDeserializer<Odd> {
    @Override
    public Odd deserialize(JsonParser json, DeserializationContext context) throws IOException {
      json.skipChildren();
      if (Odd.LEFT.getAndDecrement() <= 0) {
        throw new NoClassDefFoundError("odd");
      }
      return new Odd(1);
    }
  }

  @Test
  void errorOfAHostsType_endsItsRunAndNoOther() {
    Step<Integer> step = Step.named("one", Integer.class).run(context -> 1);
    Parameter<Odd> odd = Parameter.of("odd", new Odd(1));
    Step<Integer> taking = Step.named("taking", Integer.class).input(odd).run((context, o) -> 1);
    Odd.LEFT.set(1); // what is written is read once
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      PipelineRun<Integer> run = runner.start(Pipeline.of("odd", taking));
      assertThat(run.await(LONG)).isTrue();
      assertThat(run.record().failure().orElseThrow()).contains("NoClassDefFoundError: odd");
      assertThat(runner.run(Pipeline.of("p", step)).result()).isEqualTo(1);
    }
  }

  @Test
  void close_byAnInterruptedThread_givesTheHomeBack() {
    Pipeline<Integer> pipeline =
        Pipeline.of("p", Step.named("one", Integer.class).run(context -> 1));
    try (Workspace workspace = Workspaces.open(folder)) {
      LocalRunner runner = LocalRunner.in(workspace).open();
      runner.run(pipeline);
      Thread.currentThread().interrupt();
      runner.close();
      assertThat(Thread.interrupted()).as("still interrupted").isTrue();
      try (LocalRunner next = LocalRunner.in(workspace).open()) {
        assertThat(next.run(pipeline).result()).isEqualTo(1);
      }
    }
  }

  @Test
  void cancelDuringStart_isOnRecordAfterIt() throws Exception {
    Pipeline<Integer> pipeline =
        Pipeline.of(
            "p",
            Step.named("hanging", Integer.class)
                .run(
                    context -> {
                      new CountDownLatch(1).await();
                      return 1;
                    }));
    List<String> events = Collections.synchronizedList(new ArrayList<>());
    List<RunId> ids = IntStream.range(0, 20).mapToObj(i -> RunId.of("run-" + i)).toList();
    try (Workspace workspace = Workspaces.open(folder)) {
      try (LocalRunner runner =
          LocalRunner.in(workspace)
              .listener(event -> events.add(event.run() + event.getClass().getSimpleName()))
              .open()) {
        for (RunId id : ids) {
          Thread cancelling =
              new Thread(
                  () -> {
                    while (runner.find(id).isEmpty()) {
                      Thread.onSpinWait();
                    }
                    runner.cancel(id, "no");
                  });
          cancelling.start();
          PipelineRun<Integer> run = runner.start(pipeline, RunOptions.defaults().id(id));
          assertThat(run.await(LONG)).isTrue();
          cancelling.join();
        }
      }
      for (RunId id : ids) {
        assertThat(events.stream().filter(event -> event.startsWith(id + "Run")))
            .containsExactly(id + "RunStarted", id + "RunEnded");
      }
      try (LocalRunner runner = LocalRunner.in(workspace).open()) {
        assertThat(ids)
            .allSatisfy(
                id ->
                    assertThat(runner.find(id).map(RunRecord::state)).contains(RunState.CANCELLED));
      }
    }
  }
}
