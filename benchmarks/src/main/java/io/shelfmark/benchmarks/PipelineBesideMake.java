package io.shelfmark.benchmarks;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.CachePolicy;
import io.shelfmark.pipeline.CommandBuilder;
import io.shelfmark.pipeline.CommandResult;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long does a whole process take for 1,000 steps that do nothing, all to be done and all done
 * already, beside {@code make} with as many targets? Steps are Java or run a program each, as
 * targets do; both do as many at once as there are processors. A minute:
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar \
 *     io.shelfmark.benchmarks.PipelineBesideMake FOLDER [TURNS]</pre>
 *
 * <p>The folder must be empty, and {@code make} on the path.
 */
public final class PipelineBesideMake {

  private static final int STEPS = 1_000;

  private final Path folder;
  private final int turns;

  private PipelineBesideMake(Path folder, int turns) {
    this.folder = folder;
    this.turns = turns;
  }

  /** Measures, or, with {@code java} or {@code program} in front, is one of the processes. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("java") || args[0].equals("program")) {
      run(args[0].equals("java"), Path.of(args[1]));
      return;
    }
    int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    new PipelineBesideMake(Files.createDirectories(Path.of(args[0])), turns).measure();
  }

  private static void run(boolean isJava, Path place) {
    List<Step<CommandResult>> programs = new ArrayList<>();
    List<Step<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      int n = i;
      if (isJava) {
        calls.add(
            Step.named("step-" + i, Integer.class)
                .cached(CachePolicy.byInputs("v1"))
                .run(context -> n));
      } else {
        CommandBuilder builder = Step.command("step-" + i, "true");
        programs.add(builder.cached(CachePolicy.byInputs("v1")).step());
      }
    }
    Step<Integer> last =
        isJava
            ? Step.named("last", Integer.class).inputs(calls).run((context, all) -> all.size())
            : Step.named("last", Integer.class).inputs(programs).run((context, all) -> all.size());
    try (Workspace workspace = Workspace.open(place);
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      System.out.println(runner.run(Pipeline.of("steps", last)).result());
    }
  }

  private void measure() throws Exception {
    System.out.println("| 1,000 steps | to be done | done already |\n|---|---|---|");
    Path makefile = folder.resolve("Makefile");
    Files.writeString(makefile, makefile());
    turns(
        "`make`",
        List.of(
            "make", "-s", "-j" + Runtime.getRuntime().availableProcessors(), "-f", "../Makefile"));
    for (String kind : List.of("java", "program")) {
      turns(
          kind.equals("java") ? "steps in Java" : "steps that run a program",
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              PipelineBesideMake.class.getName(),
              kind,
              "."));
    }
  }

  private static String makefile() {
    StringBuilder text = new StringBuilder("all:");
    IntStream.range(0, STEPS).forEach(i -> text.append(" target-").append(i));
    text.append('\n');
    IntStream.range(0, STEPS)
        .forEach(i -> text.append("target-").append(i).append(":\n\ttouch $@\n"));
    return text.toString();
  }

  private void turns(String what, List<String> command) throws Exception {
    double[] first = new double[turns];
    double[] again = new double[turns];
    for (int turn = 0; turn < turns; turn++) {
      Path place = Files.createDirectories(folder.resolve("place"));
      first[turn] = seconds(command, place);
      again[turn] = seconds(command, place);
      remove(place);
    }
    Arrays.sort(first);
    Arrays.sort(again);
    System.out.printf(
        Locale.ROOT, "| %s | %.2f s | %.2f s |%n", what, first[turns / 2], again[turns / 2]);
  }

  private double seconds(List<String> command, Path place) throws Exception {
    long start = System.nanoTime();
    int exit =
        new ProcessBuilder(command)
            .directory(place.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("Cannot measure " + command + ": it exited with " + exit);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static void remove(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
