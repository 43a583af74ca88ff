package io.shelfmark.storage.fs;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.pipeline.OrchestratedRunner;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.RetryPolicy;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.StepContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A host's main that does one step. It prints a line for each call of a step's code, which then
 * waits for a byte of its input, or its end. Arguments: the store's folder, the home, and those of
 * {@link OrchestratedRunner#perform}.
 */
final class OrchestratedProcess {

  static final int ELEMENTS = 20;

  private OrchestratedProcess() {}

  static Pipeline<String> pipeline() {
    Parameter<Integer> factor = Parameter.of("factor", 2);
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class))
            .run(c -> IntStream.range(0, ELEMENTS).boxed().toList());
    Step<List<Integer>> each =
        Step.forEach("each", list, Integer.class)
            .input(factor)
            .run(
                (c, n, times) -> {
                  called(c);
                  return n * times;
                });
    Step<VersionRef> model =
        Step.named("model", VersionRef.class)
            .input(each)
            .run(
                (c, all) -> {
                  Path file = Files.writeString(c.workFolder().resolve("sum"), all.toString());
                  VersionRef version = c.publish("model", file).ref();
                  called(c);
                  return version;
                });
    Step<Integer> flaky =
        Step.named("flaky", Integer.class)
            .retry(RetryPolicy.attempts(2))
            .run(
                c -> {
                  called(c);
                  if (c.attempt() == 1) {
                    throw new IOException("away");
                  }
                  return c.attempt();
                });
    Step<Boolean> off = Step.named("off", Boolean.class).run(c -> false);
    Step<Optional<Integer>> skipped = Step.named("skipped", Integer.class).run(c -> 1).onlyIf(off);
    Step<String> report =
        Step.named("report", String.class)
            .input(model)
            .input(flaky)
            .input(skipped)
            .run((c, version, tries, none) -> version + " " + tries + " " + none);
    return Pipeline.of("led", report);
  }

  private static void called(StepContext context) throws IOException {
    System.out.println(context.step());
    System.in.read();
  }

  public static void main(String[] arguments) {
    int code;
    try (Workspace workspace =
            Workspace.builder()
                .store(FsBlobStore.open(Path.of(arguments[0])))
                .home(Path.of(arguments[1]))
                .open();
        OrchestratedRunner runner = OrchestratedRunner.in(workspace).parallelism(3).open()) {
      code =
          runner.perform(List.of(pipeline()), Arrays.copyOfRange(arguments, 2, arguments.length));
    }
    System.exit(code);
  }
}
