package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A process that resumes what is on record and runs a pipeline of a fan-out, adding a line to a
 * file for each call of a step. Each call waits for a byte of its input, or its end. Arguments:
 * folder.
 */
final class ResumeProcess {

  static final RunId RUN = RunId.of("the-run");
  static final int ELEMENTS = 300;

  private ResumeProcess() {}

  /** The pipeline, whose steps add lines to a file. */
  static Pipeline<Long> pipeline(Path effects) {
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class))
            .run(c -> IntStream.range(0, ELEMENTS).boxed().toList());
    Step<List<Long>> squares =
        Step.forEach("square", list, Long.class)
            .run(
                (c, n) -> {
                  System.in.read();
                  line(effects, c.step());
                  return (long) n * n;
                });
    Step<Long> sum =
        Step.named("sum", Long.class)
            .input(squares)
            .run((c, all) -> all.stream().mapToLong(n -> n).sum());
    return Pipeline.of("resumed", sum);
  }

  private static synchronized void line(Path file, String text) throws IOException {
    Files.writeString(file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    Pipeline<Long> pipeline = pipeline(folder.resolve("effects"));
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner =
            LocalRunner.in(workspace)
                .parallelism(2)
                .listener(
                    event -> {
                      if (event instanceof RunEvent.StepEnded ended) {
                        System.out.println(ended.step());
                      }
                    })
                .open()) {
      runner.register(pipeline);
      runner.resume();
      System.out.println(
          "result " + runner.start(pipeline, RunOptions.defaults().id(RUN)).result());
    }
  }
}
