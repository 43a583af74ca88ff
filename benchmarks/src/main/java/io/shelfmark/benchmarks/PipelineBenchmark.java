package io.shelfmark.benchmarks;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a step cost that is kept in memory, beside its code? In a chain, where each step takes
 * the result of the one before it, and in a fan-out; beside an executor that does the same calls.
 *
 * <pre>java -jar benchmarks/target/shelfmark-benchmarks.jar PipelineBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(PipelineBenchmark.STEPS)
@Fork(3)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // set up before each call
public class PipelineBenchmark {

  static final int STEPS = 1_000;

  private final List<Integer> elements = IntStream.range(0, STEPS).boxed().toList();
  private final Pipeline<Integer> chain = chain();
  private final Pipeline<List<Integer>> fanOut = fanOut(elements);
  private Path folder;
  private Workspace workspace;
  private LocalRunner runner;
  private ExecutorService executor;

  private static Pipeline<Integer> chain() {
    Step<Integer> last = Step.named("step-0", Integer.class).run(context -> 0);
    for (int i = 1; i < STEPS; i++) {
      last = Step.named("step-" + i, Integer.class).input(last).run((context, n) -> n + 1);
    }
    return Pipeline.of("chain", last);
  }

  private static Pipeline<List<Integer>> fanOut(List<Integer> elements) {
    Parameter<List<Integer>> list = Parameter.ofList("list", Integer.class, elements);
    return Pipeline.of(
        "fan-out", Step.forEach("each", list, Integer.class).run((context, n) -> n + 1));
  }

  /** As many threads for the executor as the runner has by default. */
  @Setup
  public void open() throws IOException {
    folder = Files.createTempDirectory("pipeline-benchmark");
    workspace = Workspace.open(folder);
    executor = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
  }

  /** The records of ended runs are in memory: a new runner for each iteration has none. */
  @Setup(Level.Iteration)
  public void openRunner() {
    runner = LocalRunner.in(workspace).withoutJournal().open();
  }

  /** Ends the runner. */
  @TearDown(Level.Iteration)
  public void closeRunner() {
    runner.close();
  }

  /** Ends all. */
  @TearDown
  public void close() throws IOException {
    executor.shutdown();
    workspace.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A step of a chain. */
  @Benchmark
  public Integer chainStep() {
    return runner.run(chain).result();
  }

  /** An element of a fan-out. */
  @Benchmark
  public List<Integer> fanOutStep() {
    return runner.run(fanOut).result();
  }

  /** The chain's calls, each on the executor once the one before it is done. */
  @Benchmark
  public Integer chainCallOnExecutor() {
    CompletableFuture<Integer> last = CompletableFuture.supplyAsync(() -> 0, executor);
    for (int i = 1; i < STEPS; i++) {
      last = last.thenApplyAsync(n -> n + 1, executor);
    }
    return last.join();
  }

  /** The fan-out's calls on the executor. */
  @Benchmark
  public List<Integer> fanOutCallOnExecutor() throws Exception {
    List<Future<Integer>> calls = new ArrayList<>(STEPS);
    for (Integer n : elements) {
      calls.add(executor.submit(() -> n + 1));
    }
    List<Integer> results = new ArrayList<>(STEPS);
    for (Future<Integer> call : calls) {
      results.add(call.get());
    }
    return results;
  }
}
