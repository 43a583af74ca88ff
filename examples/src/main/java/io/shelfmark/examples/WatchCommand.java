package io.shelfmark.examples;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.schedule.Fire;
import io.shelfmark.pipeline.schedule.Schedule;
import io.shelfmark.pipeline.schedule.Scheduler;
import io.shelfmark.pipeline.schedule.Trigger;
import io.shelfmark.pipeline.schedule.Watch;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a pipeline by the clock, or whenever a dataset has a new version, until it is stopped. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = "Runs a pipeline by the clock, or at each new version of a dataset.")
final class WatchCommand implements Callable<Integer> {

  private final PrintStream out;

  @Mixin private WorkspaceOption where = new WorkspaceOption();
  @Mixin private RunSettings settings = new RunSettings();

  @Parameters(paramLabel = "NAME")
  private String name = "";

  @ArgGroup(multiplicity = "1")
  private When when = new When();

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "Whose wall clock --cron goes by (default: this machine's).")
  private ZoneId zone = ZoneId.systemDefault();

  @Option(
      names = "--set-version",
      paramLabel = "PARAMETER",
      description = "The parameter that gets the new version, such as dataset:shelf-photos@3.")
  private @Nullable String parameter;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "End after so many runs; 0 only begins to watch (default: never).")
  private @Nullable Integer runs;

  @Option(
      names = "--next",
      paramLabel = "N",
      description = "Only print the next instants of --cron or --every.")
  private int next;

  /** What it runs at. */
  static final class When {
    @Option(
        names = "--cron",
        paramLabel = "EXPRESSION",
        description = "Minute, hour, day of the month, month, day of the week: '0 3 * * MON-FRI'.")
    private @Nullable String cron;

    @Option(
        names = "--every",
        paramLabel = "DURATION",
        description = "At a fixed rate, such as PT10M.")
    private @Nullable Duration every;

    @Option(
        names = "--dataset",
        paramLabel = "DATASET",
        description = "At each new version; those made while nobody watched count too.")
    private @Nullable String dataset;

    Optional<Schedule> schedule(ZoneId zone) {
      return cron != null
          ? Optional.of(Schedule.cron(cron, zone))
          : Optional.ofNullable(every).map(Schedule::every);
    }
  }

  WatchCommand() {
    this(System.out);
  }

  WatchCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException {
    Pipeline<?> pipeline = ExamplePipelines.require(name);
    Optional<Schedule> schedule = when.schedule(zone);
    if (next > 0) {
      schedule
          .map(found -> found.next(Clock.systemUTC().instant(), next))
          .ifPresent(instants -> instants.forEach(at -> out.println(at.atZone(zone))));
      return 0;
    }
    CountDownLatch left = new CountDownLatch(runs == null ? Integer.MAX_VALUE : runs);
    RunEvent.Listener counting =
        event -> {
          if (event instanceof RunEvent.RunEnded) {
            left.countDown();
          }
        };
    try (Workspace workspace = where.open();
        LocalRunner runner =
            LocalRunner.in(workspace)
                .listener(new PipelineProgress(out))
                .listener(counting)
                .open();
        Scheduler scheduler = Scheduler.on(runner, workspace).open()) {
      ExamplePipelines.register(runner);
      runner.resume();
      Watch watch =
          schedule.isPresent()
              ? scheduler.schedule(watchName("clock"), pipeline, schedule.get(), settings.options())
              : scheduler.trigger(
                  watchName(String.valueOf(when.dataset)), pipeline, trigger(), settings.options());
      out.println("watching " + watch);
      left.await();
      print(watch.history());
    }
    return 0;
  }

  private String watchName(String what) {
    return name + "-" + what;
  }

  private Trigger trigger() {
    Trigger trigger =
        Trigger.newDatasetVersion(String.valueOf(when.dataset)).lookEvery(Duration.ofSeconds(1));
    return parameter == null ? trigger : trigger.set(parameter, "version");
  }

  private void print(List<Fire> fires) {
    List<Fire> started = fires.stream().filter(fire -> fire.run().isPresent()).toList();
    started.forEach(
        fire -> out.printf("fire of %s: %s, run %s%n", fire.due(), fire.state(), fire.run().get()));
    if (started.size() < fires.size()) {
      out.printf("and %d without a run%n", fires.size() - started.size());
    }
  }
}
