package io.shelfmark.pipeline.schedule;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.PipelineRunner;
import java.time.Duration;
import java.util.Objects;

/**
 * Options of a {@link Scheduler}, each at its default: a thread of its own, the last 100 fires of
 * each name on record, fires of other processes taken over after 30 s. Not thread-safe.
 */
public final class SchedulerBuilder {

  private static final int SMALLEST_HISTORY = 60;

  final PipelineRunner runner;
  final Workspace workspace;
  int history = 100;
  Duration takeover = Duration.ofSeconds(30);
  boolean hasThread = true;

  SchedulerBuilder(PipelineRunner runner, Workspace workspace) {
    this.runner = Objects.requireNonNull(runner, "runner");
    this.workspace = Objects.requireNonNull(workspace, "workspace");
  }

  /**
   * How many fires of each name stay on record; older ones are removed. Events told by {@link
   * Watch#fire} are counted apart from what the name's schedule or source fired at.
   *
   * @throws IllegalArgumentException when it is below 60: triggers know by records what they have
   *     fired at
   */
  public SchedulerBuilder history(int fires) {
    if (fires < SMALLEST_HISTORY) {
      throw new IllegalArgumentException(
          "Cannot keep %d fires: expected %d or more".formatted(fires, SMALLEST_HISTORY));
    }
    history = fires;
    return this;
  }

  /**
   * How long, by the store's clock, a fire that another process claimed may stay without a run
   * before it is started here.
   *
   * @throws IllegalArgumentException when it is below 0
   */
  public SchedulerBuilder takeover(Duration after) {
    if (after.isNegative()) {
      throw new IllegalArgumentException(
          "Cannot take over after %s: expected 0 or more".formatted(after));
    }
    takeover = after;
    return this;
  }

  /** Has no thread: the host calls {@link Scheduler#fireDue} whenever it wants. */
  public SchedulerBuilder withoutThread() {
    hasThread = false;
    return this;
  }

  /** Opens it; nothing fires before a schedule or trigger is given to it. */
  public Scheduler open() {
    return new Scheduler(this);
  }
}
