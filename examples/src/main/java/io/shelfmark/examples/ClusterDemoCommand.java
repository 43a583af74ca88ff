package io.shelfmark.examples;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunRecord;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A cluster of three workers on this machine, one of which is killed on purpose. */
@Command(
    name = "cluster-demo",
    mixinStandardHelpOptions = true,
    description =
        "Runs the pipeline `first` on three worker processes, kills one of them in the middle, and tells who did what.")
final class ClusterDemoCommand implements Callable<Integer> {

  private static final int WORKERS = 3;
  private static final String DONE = "  SUCCEEDED";
  private static final Duration LOOK = Duration.ofMillis(100);

  private final PrintStream out;

  @Mixin private WorkspaceOption where = new WorkspaceOption();
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(
      names = "--shops",
      paramLabel = "N",
      defaultValue = "24",
      description = "How many shelves are read (default: ${DEFAULT-VALUE}).")
  private int shops = 24;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "cluster-demo",
      description = "Where the workers' output and homes go (default: ${DEFAULT-VALUE}).")
  private Path output = Path.of("cluster-demo");

  ClusterDemoCommand() {
    this(System.out);
  }

  ClusterDemoCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    cluster.requireJdbc();
    Files.createDirectories(output);
    List<Process> workers = new ArrayList<>();
    try (Workspace workspace = where.open();
        ClusterOption.Open opened = cluster.open(workspace)) {
      for (int i = 1; i <= WORKERS; i++) {
        workers.add(start(i));
        out.printf("worker %d is process %d%n", i, workers.get(i - 1).pid());
      }
      List<String> names = IntStream.rangeClosed(1, shops).mapToObj(Integer::toString).toList();
      PipelineRun<?> run =
          opened
              .runner()
              .start(
                  ExamplePipelines.require("first"),
                  RunOptions.defaults()
                      .with("shops", names.stream().map(n -> '"' + n + '"').toList().toString()));
      killOneInTheMiddle(run, workers.get(0));
      out.println(RunText.line(finished(run)));
      out.println(run.result());
      for (Process worker : workers) {
        worker.destroy(); // SIGTERM: they end what they do
      }
      for (Process worker : workers) {
        worker.waitFor(60, TimeUnit.SECONDS);
      }
    } finally {
      workers.forEach(Process::destroyForcibly);
    }
    tellWhoDidWhat();
    return 0;
  }

  /** The password, if there is one, goes by the environment. */
  private Process start(int number) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // they live for seconds: a quick compiler is enough
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "worker",
                "--queue",
                "default=1",
                "--heartbeat",
                cluster.heartbeat().toString()));
    command.addAll(where.arguments(output.resolve("home-" + number)));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log(number));
    builder.environment().put(ClusterOption.VARIABLE, cluster.requireJdbc());
    return builder.start();
  }

  private File log(int number) {
    return output.resolve("worker-" + number + ".txt").toFile();
  }

  private void killOneInTheMiddle(PipelineRun<?> run, Process worker) throws InterruptedException {
    while (ended(run.record()) < shops / 3 && !run.await(LOOK)) {
      // await is the wait
    }
    worker.destroyForcibly().waitFor();
    out.printf(
        "killed worker 1 when %d of %d shelves were read; it counts as dead after %s%n",
        ended(run.record()), shops, RunText.time(cluster.heartbeat().multipliedBy(6)));
  }

  private static long ended(RunRecord record) {
    return record.steps().stream()
        .filter(step -> step.name().startsWith("read[") && step.result().isPresent())
        .count();
  }

  private static RunRecord finished(PipelineRun<?> run) {
    while (!run.await(Duration.ofSeconds(1))) {
      // await is the wait
    }
    return run.record();
  }

  private List<String> lines(int worker, String beginning) throws IOException {
    return Files.readAllLines(log(worker).toPath()).stream()
        .filter(line -> line.startsWith(beginning))
        .map(line -> line.substring(beginning.length()).strip().split(" ", 2)[0])
        .toList();
  }

  private void tellWhoDidWhat() throws IOException {
    List<String> left = new ArrayList<>(lines(1, PipelineProgress.BEGINS));
    left.removeAll(lines(1, DONE));
    for (int i = 1; i <= WORKERS; i++) {
      List<String> done = lines(i, DONE);
      List<String> takenOver = done.stream().filter(left::contains).toList();
      out.printf(
          "worker %d did %d steps%s%n",
          i,
          done.size(),
          i == 1
              ? " and left " + left
              : takenOver.isEmpty()
                  ? ""
                  : ", among them " + takenOver + " that worker 1 had begun");
    }
  }
}
