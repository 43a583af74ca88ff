package io.shelfmark.examples;

import io.shelfmark.Workspace;
import io.shelfmark.cluster.ClusterRunner;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Does steps of the example pipelines for a cluster, until it is told to end. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = "Does steps of the example pipelines for a cluster, until SIGTERM.")
final class WorkerCommand implements Callable<Integer> {

  private final PrintStream out;

  @Mixin private WorkspaceOption where = new WorkspaceOption();
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(
      names = "--queue",
      paramLabel = "NAME=STEPS",
      mapFallbackValue = "1",
      description = "A queue that it takes from, and how many steps of it at once (default: 1).")
  private Map<String, Integer> queues = Map.of("default", 1);

  @Option(
      names = "--drain",
      paramLabel = "DURATION",
      defaultValue = "PT30S",
      description = "How long running steps may go on after SIGTERM (default: ${DEFAULT-VALUE}).")
  private Duration drain = Duration.ofSeconds(30);

  WorkerCommand() {
    this(System.out);
  }

  WorkerCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException {
    cluster.requireJdbc();
    Workspace workspace = where.open();
    ClusterOption.Open opened =
        cluster.worker(
            workspace,
            queues,
            new PipelineProgress(out, PipelineProgress.Lines.BEGINNINGS_AND_ENDS));
    ClusterRunner runner = (ClusterRunner) opened.runner();
    ExamplePipelines.register(runner);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  out.println("ending");
                  runner.drain(drain);
                  opened.close();
                  workspace.close();
                }));
    out.println("takes from " + queues);
    new CountDownLatch(1).await();
    return 0;
  }
}
