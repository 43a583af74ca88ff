package io.shelfmark.pipeline.schedule;

import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.schedule.FireLog.Stored;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The place that one fire of a name has at a time, where runs must not overlap. A document in the
 * store names the fire; another takes its place by compare-and-set once its run has ended. Two
 * fires that find it free at once race for that document, and one has it. Not thread-safe.
 */
final class Slot {

  private final Firing.Plan plan;
  private final FireLog log;
  private final PipelineRunner runner;
  private final Consumer<Stored<Fire>> seen;

  /**
   * The slot of a name.
   *
   * @param seen is told the record of a fire that has the slot and no run yet
   */
  Slot(Firing.Plan plan, FireLog log, PipelineRunner runner, Consumer<Stored<Fire>> seen) {
    this.plan = plan;
    this.log = log;
    this.runner = runner;
    this.seen = seen;
  }

  /** The run that goes on, or is about to; nothing where runs may overlap. */
  Optional<RunId> goesOn() {
    return plan.overlap() == Overlap.ALLOW
        ? Optional.empty()
        : log.slot().map(Stored::value).filter(this::isBusy).map(this::run);
  }

  /** Gives it to a fire, unless a run goes on: then it is that one. */
  Optional<RunId> take(String fire) {
    while (plan.overlap() != Overlap.ALLOW) {
      Optional<Stored<String>> slot = log.slot();
      Optional<String> holder = slot.map(Stored::value);
      if (holder.filter(fire::equals).isPresent()) {
        break;
      }
      if (holder.filter(this::isBusy).isPresent()) {
        return holder.map(this::run);
      }
      if (log.takeSlot(slot, fire)) {
        break;
      }
    }
    return Optional.empty();
  }

  private RunId run(String fire) {
    return FireIds.run(plan.name(), fire);
  }

  /** A run that is not on record is yet to come, unless the fire's record says that it was. */
  private boolean isBusy(String holder) {
    Optional<RunRecord> run = runner.find(run(holder));
    if (run.isPresent()) {
      return run.get().state() == RunState.RUNNING;
    }
    Optional<Stored<Fire>> record = log.find(holder);
    record.ifPresent(seen);
    return record.isPresent() && !record.get().value().state().isSettled();
  }
}
