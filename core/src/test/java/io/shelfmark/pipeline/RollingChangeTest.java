package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline that changes while runs of it are under way. */
@Timeout(60)
class RollingChangeTest {

  private static final int RUNS = 20;

  @TempDir Path folder;

  /** Tells which graph did which steps; half of the elements wait for the gate. */
  private static Pipeline<List<String>> graph(
      String version, CountDownLatch gate, Set<String> did) {
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class))
            .run(context -> IntStream.range(0, 10).boxed().toList());
    Step<List<String>> each =
        Step.forEach("each", list, String.class)
            .cached(CachePolicy.byInputs(version))
            .queue("calls")
            .run(
                (context, n) -> {
                  if (n % 2 == 1) {
                    gate.await();
                  }
                  synchronized (did) {
                    did.add(context.run() + " by " + version);
                  }
                  return version + n;
                });
    return Pipeline.of("rolling", each);
  }

  private static List<String> results(String version) {
    return IntStream.range(0, 10).mapToObj(n -> version + n).toList();
  }

  private LocalRunner open(Workspace workspace) {
    return LocalRunner.in(workspace).parallelism(4).open();
  }

  private static List<RunId> start(LocalRunner runner, Pipeline<?> pipeline, String name) {
    List<RunId> ids = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      ids.add(runner.start(pipeline, RunOptions.defaults().id(RunId.of(name + "-" + i))).id());
    }
    return ids;
  }

  @Test
  void runsUnderWay_endOnTheGraphTheyBeganWith() {
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(0);
    Set<String> did = new HashSet<>();
    List<RunId> old;
    List<RunId> changed;
    try (Workspace workspace = Workspaces.open(folder)) {
      try (LocalRunner first = open(workspace)) {
        old = start(first, graph("A", closed, did), "old");
      }
      // a process that has only the new graph
      try (LocalRunner second = open(workspace)) {
        second.register(graph("B", open, did));
        assertThat(second.resume()).isEmpty();
        Explanation explanation = second.explain(graph("B", open, did));
        assertThat(explanation.waiting()).containsExactlyElementsOf(old);
        assertThat(explanation.toString())
            .contains("run old-0 waits for a process that has the graph it began with");
        changed = start(second, graph("B", closed, did), "new");
        assertThat(second.find(old.get(0)).map(RunRecord::state)).contains(RunState.RUNNING);
      }
      // one that has both
      try (LocalRunner third = open(workspace)) {
        third.register(graph("A", open, did));
        third.register(graph("B", open, did));
        List<PipelineRun<?>> resumed = third.resume();
        assertThat(resumed).hasSize(2 * RUNS);
        for (PipelineRun<?> run : resumed) {
          assertThat(run.await(Duration.ofSeconds(30))).isTrue();
          assertThat(run.result()).isEqualTo(results(old.contains(run.id()) ? "A" : "B"));
        }
        assertThat(third.explain(graph("B", open, did)).waiting()).isEmpty();
      }
    }
    assertThat(did)
        .noneMatch(call -> call.startsWith("old") && call.endsWith("B"))
        .noneMatch(call -> call.startsWith("new") && call.endsWith("A"));
    assertThat(changed).hasSize(RUNS);
  }
}
