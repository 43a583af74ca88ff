package io.shelfmark.pipeline.schedule;

import io.shelfmark.Workspace;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.storage.BlobInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs pipelines by the clock and at events, on any runner: {@code Scheduler.on(runner,
 * workspace).open()}. One for each process is enough; thread-safe; who opened it closes it, before
 * the runner. Runs that it started go on.
 *
 * <p>Any number of processes may watch for the same names on one store: each fire starts one run,
 * whoever of them dies in between, as long as their runners know each other's runs. What has fired
 * is on record in the store; the time is the workspace's clock. A thread looks every second, which
 * asks the store only when something is due. It looks after all names: a source of events that is
 * slow delays the others.
 *
 * <pre>{@code
 * try (Scheduler scheduler = Scheduler.on(runner, workspace).open()) {
 *   scheduler.schedule(nightly, Schedule.daily(LocalTime.of(3, 0), zone));
 *   scheduler.trigger("retrain", training, Trigger.newDatasetVersion("shelf-photos"));
 *   ...
 * }
 * }</pre>
 */
public final class Scheduler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,79}");
  private static final Duration SWEEP_SCHEDULE = Duration.ofMinutes(10);
  private static final Duration SWEEP_TRIGGER = Duration.ofMinutes(1);

  private final PipelineRunner runner;
  private final Fires fires;
  private final WorkspaceContext context;
  private final int history;
  private final Duration takeover;
  private final String self;
  private final Map<String, Watch> watches = new ConcurrentHashMap<>();
  private final @Nullable ScheduledExecutorService thread;
  private boolean closed;

  Scheduler(SchedulerBuilder options) {
    runner = options.runner;
    fires = options.workspace.fires();
    context = fires.context();
    history = options.history;
    takeover = options.takeover;
    self = context.author() + "/" + UUID.randomUUID().toString().substring(0, 13);
    thread = options.hasThread ? newThread() : null;
  }

  /** Begins with what does the pipelines, and the workspace whose store has the fires on record. */
  public static SchedulerBuilder on(PipelineRunner runner, Workspace workspace) {
    return new SchedulerBuilder(runner, workspace);
  }

  private ScheduledExecutorService newThread() {
    ScheduledExecutorService created =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread watching = new Thread(task, "shelfmark-scheduler");
              watching.setDaemon(true);
              return watching;
            });
    // ends with the executor; a failure is logged and does not end it
    var unused = created.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    return created;
  }

  private void look() {
    try {
      fireDue();
    } catch (RuntimeException | Error e) {
      // thrown on, it would silently end all schedules
      LOG.error("The scheduler {} goes on after a failure", self, e);
    }
  }

  /** Runs a pipeline on a schedule of the pipeline's name. */
  public Watch schedule(Pipeline<?> pipeline, Schedule schedule) {
    return schedule(pipeline.name(), pipeline, schedule);
  }

  /** Runs a pipeline on a schedule of another name. */
  public Watch schedule(String name, Pipeline<?> pipeline, Schedule schedule) {
    return schedule(name, pipeline, schedule, RunOptions.defaults());
  }

  /**
   * Runs a pipeline on a schedule. The name stays the same over restarts and in all processes: what
   * has fired is on record under it. When the schedule's instants are others than those on record
   * under it, it begins anew now.
   *
   * @param options of each run; an id in them is of no effect
   * @throws IllegalArgumentException when the name is not one, or is watched already
   * @throws io.shelfmark.storage.StorageException when the store cannot be reached
   */
  public Watch schedule(String name, Pipeline<?> pipeline, Schedule schedule, RunOptions options) {
    Firing.Plan plan =
        new Firing.Plan(name, pipeline, options, Map.of(), schedule.overlap(), Duration.ZERO);
    return watch(
        plan,
        schedule.toString(),
        () -> "",
        SWEEP_SCHEDULE,
        beginning -> {
          Instant now = context.clock().instant();
          Instant since = beginning.watched().at();
          Instant position =
              ScheduleLook.lastOf(beginning.records(), now).filter(since::isBefore).orElse(since);
          return new ScheduleLook(
              name, schedule, beginning.firing(), beginning.log(), self, position);
        });
  }

  /** Runs a pipeline at a trigger of the pipeline's name. */
  public Watch trigger(Pipeline<?> pipeline, Trigger trigger) {
    return trigger(pipeline.name(), pipeline, trigger);
  }

  /** Runs a pipeline at a trigger of another name. */
  public Watch trigger(String name, Pipeline<?> pipeline, Trigger trigger) {
    return trigger(name, pipeline, trigger, RunOptions.defaults());
  }

  /**
   * Runs a pipeline at a trigger. The name stays the same over restarts and in all processes: what
   * has fired is on record under it.
   *
   * @param options of each run; an id in them is of no effect
   * @throws IllegalArgumentException when the name is not one, or is watched already, or the
   *     trigger sets a parameter that the pipeline has not
   * @throws io.shelfmark.ShelfmarkException when the store or the trigger's source cannot be
   *     reached
   */
  public Watch trigger(String name, Pipeline<?> pipeline, Trigger trigger, RunOptions options) {
    Set<String> parameters =
        pipeline.parameters().stream().map(p -> p.name()).collect(Collectors.toSet());
    if (!parameters.containsAll(trigger.parameters().keySet())) {
      throw new IllegalArgumentException(
          "Cannot run %s at %s: found settings for %s, expected parameters among %s"
              .formatted(pipeline, trigger, trigger.parameters().keySet(), parameters));
    }
    EventSource source = trigger.source().apply(new Trigger.Places(context.store(), runner));
    Firing.Plan plan =
        new Firing.Plan(
            name, pipeline, options, trigger.parameters(), trigger.overlap(), trigger.debounce());
    return watch(
        plan,
        trigger.toString(),
        source::baseline,
        SWEEP_TRIGGER,
        beginning ->
            new TriggerLook(
                name,
                source,
                trigger.interval(),
                beginning.firing(),
                self,
                beginning.watched(),
                beginning.found()));
  }

  /** What is known when a watch begins. */
  private record Beginning(
      Firing firing,
      FireLog log,
      FireLog.Watched watched,
      List<BlobInfo> records,
      List<Fire> found) {}

  private synchronized Watch watch(
      Firing.Plan plan,
      String what,
      Supplier<String> baseline,
      Duration sweepInterval,
      Function<Beginning, Look> newLook) {
    String name = requireFree(plan.name());
    runner.register(plan.pipeline());
    FireLog log = fires.log(name);
    FireLog.Watched watched = log.watch(what, context.clock().instant(), baseline);
    Firing firing = new Firing(plan, log, runner, self, takeover);
    List<BlobInfo> records = log.records();
    List<Fire> found = firing.sweep(records, history);
    Look look = newLook.apply(new Beginning(firing, log, watched, records, found));
    Watch watch =
        new Watch(
            new Watch.Parts(
                name,
                "%s of %s at %s".formatted(name, plan.pipeline(), what),
                fires,
                firing,
                look,
                self,
                history,
                sweepInterval));
    watches.put(name, watch);
    return watch;
  }

  private String requireFree(String name) {
    if (closed) {
      throw new IllegalStateException("the scheduler of " + self + " is closed");
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Cannot name a schedule «%s»: expected 1 to 80 letters, digits, dots, dashes and underscores, a letter or digit first"
              .formatted(name));
    }
    if (watches.containsKey(name)) {
      throw new IllegalArgumentException(
          "Cannot watch for %s: found %s, expected a name of its own for each schedule and trigger"
              .formatted(name, watches.get(name)));
    }
    return name;
  }

  /**
   * Does what is due now, as its thread does every second; for hosts without that thread. What
   * fails is logged, and tried again by a later call.
   */
  public void fireDue() {
    for (Watch watch : watches.values()) {
      watch.tick(context.clock().instant());
    }
  }

  /** Stops watching, once what it just does is done. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    if (thread != null) {
      thread.shutdown();
    }
    watches.values().forEach(Watch::stop);
  }
}
