package io.shelfmark.benchmarks;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A process of {@link PipelineSoak}: runs one pipeline after the other until it is killed, or, with
 * {@code FOLDER once}, ends the run that is under way.
 */
public final class PipelineSoakWorker {

  static final int ELEMENTS = 500;

  private PipelineSoakWorker() {}

  /** Goes on with what is on record, then begins anew. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Pipeline<Long> pipeline = pipeline(folder.resolve("effects"));
    try (Workspace workspace = Workspace.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).listener(PipelineSoakWorker::tell).open()) {
      runner.register(pipeline);
      runner.resume().forEach(PipelineRun::result);
      int ended = runner.runs("soak").size();
      for (int i = ended; args.length < 2; i++) {
        runner.run(pipeline, RunOptions.defaults().id(RunId.of("soak-" + i)));
      }
      boolean whole =
          runner.runs("soak").stream().allMatch(run -> run.state() == RunState.SUCCEEDED);
      System.out.println(whole ? "runs " + ended : "a run has not succeeded");
    }
  }

  private static void tell(RunEvent event) {
    if (event instanceof RunEvent.StepEnded ended) {
      System.out.println("step " + ended.run() + "/" + ended.step());
    }
  }

  private static Pipeline<Long> pipeline(Path effects) {
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class))
            .run(context -> IntStream.range(0, ELEMENTS).boxed().toList());
    Step<List<Long>> squares =
        Step.forEach("square", list, Long.class)
            .run(
                (context, n) -> {
                  add(effects, "step " + context.run() + "/" + context.step());
                  return (long) n * n;
                });
    Step<Long> sum =
        Step.named("sum", Long.class)
            .input(squares)
            .run((context, all) -> all.stream().mapToLong(n -> n).sum());
    return Pipeline.of("soak", sum);
  }

  /** One write appends a whole line, whoever else appends. */
  private static void add(Path file, String line) throws IOException {
    Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
