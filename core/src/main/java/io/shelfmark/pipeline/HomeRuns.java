package io.shelfmark.pipeline;

import io.shelfmark.storage.StorageException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a home, by where each stands: it goes on here, an ended process left it, or it has
 * ended and its record alone is there. They begin, are taken on and are removed under one lock,
 * which is this: so an id that is asked for is found in one of them, and nobody takes a run on
 * twice. Only the end needs no lock, as the record is there by then. Who must decide by several of
 * them locks this around it. Thread-safe.
 */
final class HomeRuns {

  private final Path folder;
  private final Records records;

  /** Those that go on here; put there under the lock, and looked at without it first. */
  private final Map<RunId, Execution<?>> active = new ConcurrentHashMap<>();

  // guarded by this
  private final LeftRuns left = new LeftRuns();
  private final Set<RunId> removing = new HashSet<>();
  private boolean closed;
  private @Nullable StorageException broken;

  HomeRuns(Path folder, Records records) {
    this.folder = folder;
    this.records = records;
  }

  /** Those that an ended process left; asked under the lock, but while the runner is opened. */
  LeftRuns left() {
    return left;
  }

  Optional<Execution<?>> active(RunId run) {
    return Optional.ofNullable(active.get(run));
  }

  /** It goes on here from now on; under the lock. */
  void takeOn(Execution<?> run) {
    active.put(run.id(), run);
    left.forget(run.id());
  }

  /** Its record alone is there from now on. */
  void ended(RunId run) {
    active.remove(run);
  }

  Optional<RunRecord> find(RunId run) {
    Optional<RunRecord> running = active(run).map(Execution::record);
    if (running.isPresent()) {
      return running;
    }
    synchronized (this) {
      return active(run)
          .map(Execution::record)
          .or(() -> left.find(run))
          .or(() -> records.find(run));
    }
  }

  /** Those of a pipeline, the last begun first. */
  List<RunRecord> of(String pipeline) {
    Map<RunId, RunRecord> found = new LinkedHashMap<>();
    synchronized (this) {
      left.records().forEach(record -> found.put(record.id(), record));
      active.forEach((id, execution) -> found.put(id, execution.record()));
    }
    // last: a run that ends meanwhile is among them before it is no longer active
    records.of(pipeline).forEach(record -> found.put(record.id(), record));
    return found.values().stream()
        .filter(record -> record.pipeline().equals(pipeline))
        .sorted(
            Comparator.comparing(RunRecord::startedAt)
                .thenComparing(record -> record.id().value())
                .reversed())
        .toList();
  }

  boolean isGoingOn(RunEvent event) {
    RunId run = event.run();
    if (active.containsKey(run)) {
      return true;
    }
    synchronized (this) {
      // asked again, here and below: it may have been taken on since
      return active.containsKey(run) || left.has(run);
    }
  }

  /** Whether a run goes on, or one that goes on takes results from it. */
  private boolean isNeeded(RunId run) {
    Predicate<RunEvent.RunStarted> needs =
        start ->
            start.run().equals(run)
                || start.rerun().filter(from -> from.run().equals(run)).isPresent();
    if (isActive(needs)) {
      return true;
    }
    synchronized (this) {
      return isActive(needs) || left.anyMatch(needs);
    }
  }

  private boolean isActive(Predicate<RunEvent.RunStarted> wanted) {
    return active.values().stream().anyMatch(run -> wanted.test(run.ledger().start()));
  }

  /**
   * Removes what is kept of a run, unless it is needed; whether it did. A run of that id, or one
   * that repeats it, begins after that: it would lose its logs. Not under the lock, as there may be
   * many thousands of them.
   */
  boolean removeUnlessNeeded(RunId run, Runnable removal) {
    synchronized (this) {
      awaitRemovals(Set.of(run));
      if (isNeeded(run)) {
        return false;
      }
      removing.add(run);
    }
    try {
      removal.run();
    } finally {
      synchronized (this) {
        removing.remove(run);
        notifyAll();
      }
    }
    return true;
  }

  /** Waits until neither a run's id nor the run that it repeats is being removed; as below. */
  void awaitRemovals(RunEvent.RunStarted start) {
    Set<RunId> runs = new HashSet<>(Set.of(start.run()));
    start.rerun().ifPresent(rerun -> runs.add(rerun.run()));
    awaitRemovals(runs);
  }

  /** The lock is given back meanwhile, so what was looked at before is looked at again. */
  private synchronized void awaitRemovals(Set<RunId> runs) {
    while (!Collections.disjoint(removing, runs)) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while it waited for a run to be removed", e);
      }
    }
  }

  /** Fails when no run can begin here. */
  synchronized void requireOpen() {
    if (closed) {
      throw isClosed();
    }
    if (broken != null) {
      throw new StorageException(
          "Cannot start runs in %s: found its journal unusable, expected to write (make room, then open a new runner)"
              .formatted(folder),
          broken);
    }
  }

  private IllegalStateException isClosed() {
    return new IllegalStateException("the runner of the pipelines in " + folder + " is closed");
  }

  /** The journal takes no more; runs stay as they are on record. */
  void broken(StorageException failure) {
    synchronized (this) {
      broken = failure;
    }
    suspend(failure);
  }

  /** No more begin here, and those that go on stay as they are on record; once. */
  boolean close() {
    synchronized (this) {
      if (closed) {
        return false;
      }
      closed = true;
    }
    suspend(isClosed());
    return true;
  }

  private void suspend(RuntimeException reason) {
    List.copyOf(active.values()).forEach(execution -> execution.suspend(reason));
  }
}
