package io.shelfmark.tracking;

import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of pipelines that are tracked here and have not ended: those whose beginning was heard,
 * and those that another process began and that are on record in the tracker. Not thread-safe: its
 * owner guards it.
 */
final class TrackedRuns {

  private static final Logger LOG = LoggerFactory.getLogger(TrackedRuns.class);

  /** How often runs are looked at whose end another process may have told. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Tracker tracker;
  private final boolean withElements;
  private final Map<RunId, TrackedRun> runs = new HashMap<>();

  /** Beginnings that were heard and are not told yet: the store may be away. */
  private final Map<RunId, RunEvent.RunStarted> untold = new HashMap<>();

  private Instant looked = Instant.MIN;

  TrackedRuns(Tracker tracker, boolean withElements) {
    this.tracker = tracker;
    this.withElements = withElements;
  }

  /** A run's beginning was heard; it is told when the run is first asked for. */
  void begins(RunEvent.RunStarted start) {
    untold.put(start.run(), start);
  }

  /** All of a run was told, or cannot be. */
  void isOver(RunId id) {
    untold.remove(id);
  }

  /** Whether it goes on here, and its beginning is told. */
  boolean isOpen(RunId id) {
    return runs.containsKey(id);
  }

  /**
   * One that goes on, or that another process began and that is on record.
   *
   * @throws StoreUnavailableException when it is not open yet and the store is away
   */
  Optional<TrackedRun> find(RunId id) {
    TrackedRun known = runs.get(id);
    if (known == null) {
      RunEvent.RunStarted start = untold.get(id);
      known = start == null ? onRecord(id) : begin(start);
      if (known != null) {
        untold.remove(id);
        runs.put(id, known);
      }
    }
    return Optional.ofNullable(known);
  }

  private TrackedRun begin(RunEvent.RunStarted start) {
    TrackedRun run =
        new TrackedRun(
            tracker,
            tracker.experiment(start.pipeline()).id(),
            start.run(),
            start.at(),
            TrackedRun.params(start.parameters()),
            withElements);
    run.begin(start);
    return run;
  }

  private @Nullable TrackedRun onRecord(RunId id) {
    return tracker
        .find(PipelineTracking.runId(id))
        .filter(found -> !found.tags().containsKey(TrackedRun.STATE_TAG))
        .map(
            found -> {
              TrackedRun run = of(id, found);
              run.resume();
              return run;
            })
        .orElse(null);
  }

  private TrackedRun of(RunId id, RunRecord found) {
    return new TrackedRun(
        tracker,
        found.info().experimentId(),
        id,
        found.info().startTime(),
        found.params(),
        withElements);
  }

  void add(TrackedRun run, RunEvent event) {
    run.add(event);
    if (event instanceof RunEvent.RunEnded) {
      runs.remove(event.run());
    }
  }

  /** What this process did in a run whose end another one told before. */
  void addLate(RunId id, List<RunEvent> events) {
    tracker
        .find(PipelineTracking.runId(id))
        .ifPresent(
            found -> {
              TrackedRun run = of(id, found);
              try {
                events.stream().filter(run::isNews).forEach(run::add);
              } finally {
                run.leave();
              }
            });
  }

  /** Whether its end is on record. */
  boolean isTold(RunId id) {
    return tracker
        .find(PipelineTracking.runId(id))
        .filter(found -> found.tags().containsKey(TrackedRun.STATE_TAG))
        .isPresent();
  }

  /** Runs whose end another process told; looked for now and then. */
  void leaveEnded() {
    Instant now = tracker.live().now();
    if (now.isBefore(looked.plus(LOOK))) {
      return;
    }
    looked = now;
    try {
      for (Map.Entry<RunId, TrackedRun> run : List.copyOf(runs.entrySet())) {
        if (isTold(run.getKey())) {
          run.getValue().leave();
          runs.remove(run.getKey());
        }
      }
    } catch (StoreUnavailableException e) {
      LOG.debug("Runs that others ended are looked for again later", e);
    }
  }
}
