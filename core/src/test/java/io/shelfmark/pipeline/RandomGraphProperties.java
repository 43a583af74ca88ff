package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.internal.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Whatever the graph: each step once, after all it takes from, with the result of its code. */
class RandomGraphProperties {

  private static final RunId RUN = RunId.of("the-run");

  private static void inFolder(Body body) throws IOException {
    Path folder = Files.createTempDirectory("random-graph");
    try {
      body.in(folder);
    } finally {
      Spool.remove(folder);
    }
  }

  private interface Body {
    void in(Path folder) throws IOException;
  }

  private static RunRecord run(
      Path folder, RandomGraph graph, Consumer<LocalRunnerBuilder> options, boolean resume) {
    try (Workspace workspace = Workspaces.open(folder)) {
      LocalRunnerBuilder builder = LocalRunner.in(workspace).parallelism(3);
      options.accept(builder);
      try (LocalRunner runner = builder.open()) {
        Pipeline<Integer> pipeline = graph.pipeline();
        runner.register(pipeline);
        PipelineRun<?> run =
            resume ? runner.resume().get(0) : runner.start(pipeline, RunOptions.defaults().id(RUN));
        assertThat(run.await(Duration.ofSeconds(30))).isTrue();
        assertThat(run.id()).isEqualTo(RUN);
        return run.record();
      }
    }
  }

  private static void check(RunRecord record, RandomGraph graph) {
    Map<String, Optional<Integer>> expected = graph.expected();
    expected.forEach(
        (step, value) ->
            assertThat(
                    record
                        .step(step)
                        .orElseThrow()
                        .result()
                        .map(result -> Integer.valueOf(result.json())))
                .as(step)
                .isEqualTo(value));
    boolean whole =
        expected.values().stream().allMatch(Optional::isPresent)
            && record.steps().stream().noneMatch(step -> step.failure().isPresent());
    assertThat(record.state()).isEqualTo(whole ? RunState.SUCCEEDED : RunState.FAILED);
    assertThat(record.steps()).extracting(StepRecord::state).allMatch(state -> isSettled(state));
  }

  private static boolean isSettled(StepState state) {
    return state != StepState.WAITING && state != StepState.RUNNING && state != StepState.CANCELLED;
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void run_ofAnyGraph_callsEachStepOnceWithWhatItTakes(@ForAll long seed) throws IOException {
    inFolder(
        folder -> {
          RandomGraph graph = new RandomGraph(seed);
          check(run(folder, graph, LocalRunnerBuilder::withoutJournal, false), graph);
          graph.expectedCalls.values().removeIf(times -> times == 0);
          assertThat(graph.calls).isEqualTo(graph.expectedCalls);
        });
  }

  /** A journal that ends after some record is that of a process that was killed there. */
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void resume_fromAnyEvent_doesWhatIsNotOnRecordAndNoMore(@ForAll long seed) throws IOException {
    inFolder(
        folder -> {
          run(folder, new RandomGraph(seed), options -> {}, false);
          Path journal = folder.resolve("home/pipelines/journal");
          Files.delete(folder.resolve("home/pipelines/runs/" + RUN + "/record.json"));
          byte[] whole = Workspaces.eventsIn(journal);
          List<RunEvent> events = new ArrayList<>();
          List<Integer> ends = new ArrayList<>();
          read(whole, events, ends);
          int kept = 1 + new Random(seed).nextInt(events.size() - 1);
          Files.write(journal, Arrays.copyOf(whole, ends.get(kept - 1)));
          Set<String> settled = new HashSet<>();
          for (RunEvent event : events.subList(0, kept)) {
            if (event instanceof RunEvent.StepEnded ended) {
              settled.add(ended.step());
            }
          }
          RandomGraph again = new RandomGraph(seed);
          check(run(folder, again, options -> {}, true), again);
          again.expectedCalls.values().removeIf(times -> times == 0);
          again.expectedCalls.keySet().removeAll(settled);
          assertThat(again.calls.keySet()).isEqualTo(again.expectedCalls.keySet());
        });
  }

  private static void read(byte[] journal, List<RunEvent> events, List<Integer> ends) {
    ByteBuffer buffer = ByteBuffer.wrap(journal);
    while (buffer.hasRemaining()) {
      byte[] payload = new byte[buffer.getInt()];
      buffer.getInt();
      buffer.get(payload);
      events.add(Documents.read(payload, RunEvent.class, "event"));
      ends.add(buffer.position());
    }
  }
}
