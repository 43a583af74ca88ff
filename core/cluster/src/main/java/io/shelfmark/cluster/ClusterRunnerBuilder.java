package io.shelfmark.cluster;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Options of a {@link ClusterRunner}, each at its default: no queues, so that it starts and watches
 * runs and does no steps; no secrets, no listeners, logs of 8 MiB for each attempt, the last 1,000
 * runs of each pipeline on record; a heartbeat every 10 s, of which 6 may be missed. Not
 * thread-safe.
 */
public final class ClusterRunnerBuilder {

  final DataSource database;
  final Workspace workspace;
  final Map<String, Integer> queues = new LinkedHashMap<>();
  final List<RunEvent.Listener> listeners = new ArrayList<>();
  Function<String, Optional<String>> secrets = name -> Optional.empty();
  final List<Pipeline<?>> pipelines = new ArrayList<>();
  MeterRegistry metrics = new CompositeMeterRegistry();
  long logLimit = 8L << 20;
  RetentionRule retention = RetentionRule.keepLast(1000);
  Heartbeats heartbeats = Heartbeats.defaults();
  Duration poll = Duration.ofMillis(500);
  Duration look = Duration.ofSeconds(1);
  Duration reconcile = Duration.ofSeconds(10);
  Duration sweep = Duration.ofMinutes(1);

  ClusterRunnerBuilder(DataSource database, Workspace workspace) {
    this.database = Objects.requireNonNull(database, "database");
    this.workspace = Objects.requireNonNull(workspace, "workspace");
  }

  /**
   * Does steps of a queue, so many at once. Steps that say nothing are in the queue {@code
   * default}.
   *
   * @throws IllegalArgumentException when it is less than 1
   */
  public ClusterRunnerBuilder queue(String label, int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "Cannot do %d steps of queue %s at once: expected 1 or more".formatted(steps, label));
    }
    queues.put(Objects.requireNonNull(label, "label"), steps);
    return this;
  }

  /**
   * Where secrets come from, by name, such as {@code name -> Optional.ofNullable(getenv(name))}.
   * Each worker has its own; none is in the database.
   */
  public ClusterRunnerBuilder secrets(Function<String, Optional<String>> source) {
    secrets = Objects.requireNonNull(source, "source");
    return this;
  }

  /** Hears of what this process does: of runs that it starts or ends, of steps that it does. */
  public ClusterRunnerBuilder listener(RunEvent.Listener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Where figures of this process and of its queues are told, such as a host's registry for
   * Prometheus; nowhere by default. It stays the host's.
   */
  public ClusterRunnerBuilder metrics(MeterRegistry registry) {
    metrics = Objects.requireNonNull(registry, "registry");
    return this;
  }

  /** Makes a pipeline known before the runner begins. */
  ClusterRunnerBuilder register(Pipeline<?> pipeline) {
    pipelines.add(pipeline);
    return this;
  }

  /** How many bytes of each attempt's log are kept; beyond it, the last 64 KiB. */
  public ClusterRunnerBuilder logLimit(long bytes) {
    logLimit = bytes;
    return this;
  }

  /**
   * Which runs stay on record: of each pipeline the last 1,000 by default. The records and logs of
   * others are removed once a minute; their results in the cache and the versions that they made
   * stay. Runs that have not ended are kept, and those that one of them repeats from. The same for
   * all processes: what one does not keep is gone.
   */
  public ClusterRunnerBuilder retention(RetentionRule rule) {
    retention = Objects.requireNonNull(rule, "rule");
    return this;
  }

  /**
   * When another process counts as dead, and its steps are taken over: after so many heartbeats
   * that did not come. The same for all processes.
   *
   * @throws IllegalArgumentException when fewer than 4 may be missed
   */
  public ClusterRunnerBuilder heartbeat(Duration interval, int missed) {
    heartbeats = new Heartbeats(interval, missed);
    return this;
  }

  /** How often each queue is looked at, where nothing else says that there are tickets; 500 ms. */
  public ClusterRunnerBuilder poll(Duration interval) {
    poll = Objects.requireNonNull(interval, "interval");
    return this;
  }

  /** How often it looks for cancelled runs, deadlines and limits, and for steps without tickets. */
  ClusterRunnerBuilder watch(Duration lookInterval, Duration reconcileInterval) {
    look = lookInterval;
    reconcile = reconcileInterval;
    sweep = reconcileInterval;
    return this;
  }

  /**
   * Opens the runner, which begins with the steps of its queues. Tables are made in the first
   * schema of the connections' search path; another is named by {@code currentSchema} in the JDBC
   * URL.
   *
   * @throws io.shelfmark.storage.StorageException when the database cannot be used, or the
   *     workspace's store is not that of the cluster's other processes
   */
  public ClusterRunner open() {
    return ClusterRunner.open(this);
  }
}
