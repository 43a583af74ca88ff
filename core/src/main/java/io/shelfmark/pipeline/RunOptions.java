package io.shelfmark.pipeline;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a run differs from the pipeline's defaults: {@code RunOptions.defaults().with(epochs, 5)}.
 * Without any it gets a new id, the parameters' defaults and no deadline. Immutable and
 * thread-safe.
 */
public final class RunOptions {

  private static final RunOptions DEFAULTS =
      new RunOptions(Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), 0);

  private final Optional<RunId> id;
  private final Map<String, Setting> settings;
  private final Optional<Duration> deadline;
  private final Optional<RunEvent.Rerun> rerun;
  private final int priority;

  /** A parameter's value: as one of its type, or as a text to be read. */
  record Setting(Object value, boolean isText) {}

  private RunOptions(
      Optional<RunId> id,
      Map<String, Setting> settings,
      Optional<Duration> deadline,
      Optional<RunEvent.Rerun> rerun,
      int priority) {
    this.id = id;
    this.settings = Map.copyOf(settings);
    this.deadline = deadline;
    this.rerun = rerun;
    this.priority = priority;
  }

  /** None. */
  public static RunOptions defaults() {
    return DEFAULTS;
  }

  /** Under an id; where there is a run of that id it is that one, and nothing is started. */
  public RunOptions id(RunId value) {
    return new RunOptions(Optional.of(value), settings, deadline, rerun, priority);
  }

  /** With a parameter's value. */
  public <T> RunOptions with(Parameter<T> parameter, T value) {
    return with(parameter.name(), new Setting(value, false));
  }

  /** With a parameter's value as a command line gives it: JSON, or a text without quotes. */
  public RunOptions with(String parameter, String text) {
    return with(parameter, new Setting(text, true));
  }

  private RunOptions with(String parameter, Setting setting) {
    Map<String, Setting> more = new LinkedHashMap<>(settings);
    more.put(parameter, setting);
    return new RunOptions(id, more, deadline, rerun, priority);
  }

  /** Fails unless it has ended in that time. */
  public RunOptions deadline(Duration limit) {
    return new RunOptions(id, settings, Optional.of(limit), rerun, priority);
  }

  /**
   * Does a step of an earlier run anew, and all that take from it, whatever the cache has; the
   * other steps' results are those of the earlier run.
   */
  public RunOptions rerun(RunId earlier, String fromStep) {
    return new RunOptions(
        id, settings, deadline, Optional.of(new RunEvent.Rerun(earlier, fromStep)), priority);
  }

  /**
   * Where workers are scarce, steps of runs of a higher priority begin first; 0 when it is not set.
   * Runners that share workers among processes heed it; a {@link LocalRunner} begins steps in the
   * order in which they can.
   *
   * @throws IllegalArgumentException when it is not within -1,000 and 1,000
   */
  public RunOptions priority(int value) {
    if (value < -1_000 || value > 1_000) {
      throw new IllegalArgumentException(
          "Cannot give a run priority %d: expected -1000 to 1000".formatted(value));
    }
    return new RunOptions(id, settings, deadline, rerun, value);
  }

  /** The priority. */
  public int priority() {
    return priority;
  }

  Optional<RunId> id() {
    return id;
  }

  Map<String, Setting> settings() {
    return settings;
  }

  Optional<Duration> deadline() {
    return deadline;
  }

  Optional<RunEvent.Rerun> rerun() {
    return rerun;
  }
}
