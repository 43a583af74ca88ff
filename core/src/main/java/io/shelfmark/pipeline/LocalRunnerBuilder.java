package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.RetentionRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link LocalRunner}, each at its default: as many steps at once as there are
 * processors, no secrets, no listeners, logs of 8 MiB for each attempt, the last 1,000 runs of each
 * pipeline on record in the workspace's home. Not thread-safe.
 */
public final class LocalRunnerBuilder {

  final Workspace workspace;
  final Map<String, Integer> queues = new LinkedHashMap<>();
  final List<RunEvent.Listener> listeners = new ArrayList<>();
  int parallelism = Runtime.getRuntime().availableProcessors();
  Function<String, Optional<String>> secrets = name -> Optional.empty();
  long logLimit = 8L << 20;
  boolean onRecord = true;
  RetentionRule retention = RetentionRule.keepLast(1000);
  long journalLimit = 64L << 20;
  @Nullable ScheduledExecutorService scheduler;

  LocalRunnerBuilder(Workspace workspace) {
    this.workspace = Objects.requireNonNull(workspace, "workspace");
  }

  /** How many steps run at once, in all. */
  public LocalRunnerBuilder parallelism(int steps) {
    parallelism = atLeastOne(steps);
    return this;
  }

  /** How many steps of a queue run at once, such as one on a machine with one GPU. */
  public LocalRunnerBuilder parallelism(String queue, int steps) {
    queues.put(queue, atLeastOne(steps));
    return this;
  }

  private static int atLeastOne(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "Cannot run %d steps at once: expected 1 or more".formatted(steps));
    }
    return steps;
  }

  /**
   * Where secrets come from, by name, such as {@code name -> Optional.ofNullable(getenv(name))}.
   */
  public LocalRunnerBuilder secrets(Function<String, Optional<String>> source) {
    secrets = Objects.requireNonNull(source, "source");
    return this;
  }

  /** Hears of what happens in runs. */
  public LocalRunnerBuilder listener(RunEvent.Listener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /** How many bytes of each attempt's log are kept; beyond it, the last 64 KiB. */
  public LocalRunnerBuilder logLimit(long bytes) {
    logLimit = bytes;
    return this;
  }

  /**
   * Which runs stay on record: of each pipeline the last 1,000 by default. The records and logs of
   * others are removed when a run ends and when the runner is opened; their results in the cache
   * and the versions that they made stay. Runs that have not ended are kept, and those that one of
   * them repeats from.
   */
  public LocalRunnerBuilder retention(RetentionRule rule) {
    retention = Objects.requireNonNull(rule, "rule");
    return this;
  }

  /**
   * Keeps no journal: runs end with the process and are known to it alone. Steps cost less, and any
   * number of such runners share a home.
   */
  public LocalRunnerBuilder withoutJournal() {
    onRecord = false;
    return this;
  }

  /** What waits and time limits are timed by; it stays the caller's, who closes it. */
  public LocalRunnerBuilder scheduler(ScheduledExecutorService value) {
    scheduler = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Opens the runner, which reads what is on record; {@link LocalRunner#resume()} goes on with it.
   *
   * @throws io.shelfmark.storage.StorageException when another runner has the workspace's home, or
   *     the journal cannot be used
   */
  public LocalRunner open() {
    return new LocalRunner(this);
  }
}
