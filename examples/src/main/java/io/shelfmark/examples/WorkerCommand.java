package io.shelfmark.examples;

import io.shelfmark.cluster.ClusterWorker;
import io.shelfmark.cluster.ClusterWorkerBuilder;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

  @Option(
      names = "--health-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Where it tells its health on the loopback; a free one by default.")
  private int healthPort;

  WorkerCommand() {
    this(System.out);
  }

  WorkerCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException {
    ClusterWorkerBuilder options =
        ClusterWorker.configured(environment())
            .listener(new PipelineProgress(out, PipelineProgress.Lines.BEGINNINGS_AND_ENDS));
    ExamplePipelines.all().forEach(options::pipeline);
    try (ClusterWorker worker = options.start()) {
      out.printf("takes from %s; health on port %d%n", queues, worker.healthPort());
      worker.awaitEnd();
    }
    return 0;
  }

  /** A host's worker has it from its manifest; here the options stand for it. */
  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(where.environment());
    environment.put("SHELFMARK_DATABASE", cluster.requireJdbc());
    environment.put(
        "SHELFMARK_QUEUES",
        queues.entrySet().stream().map(Object::toString).collect(Collectors.joining(",")));
    environment.put("SHELFMARK_HEARTBEAT_SECONDS", Long.toString(cluster.heartbeat().toSeconds()));
    environment.put("SHELFMARK_DRAIN_SECONDS", Long.toString(drain.toSeconds()));
    environment.put("SHELFMARK_HEALTH_PORT", Integer.toString(healthPort));
    return environment;
  }
}
