package io.shelfmark.pipeline;

import io.shelfmark.storage.StorageException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows the end of a run of a home, once that is in the journal: its record goes to a file
 * of its own, it no longer keeps versions from being collected, and older runs are removed.
 * Thread-safe.
 */
final class RunEndings {

  private static final Logger LOG = LoggerFactory.getLogger(RunEndings.class);

  private final Engine engine;
  private final HomeRuns runs;
  private final Records records;
  private final Retention retention;

  RunEndings(Engine engine, HomeRuns runs, Records records, Retention retention) {
    this.engine = engine;
    this.runs = runs;
    this.records = records;
    this.retention = retention;
  }

  /** Puts a run's record into its file; then it is ended for those who wait. */
  void ended(Execution<?> execution, Runnable then) {
    RunRecord record = execution.record();
    write(record);
    Runnable end =
        () -> {
          runs.ended(record.id());
          retention.ended(record);
          then.run();
        };
    if (!Workbench.mayKeepVersions(record)) {
      end.run();
      return;
    }
    // a store may be slow, and other runs wait for this thread
    engine
        .tidying()
        .later(
            () -> {
              release(record);
              end.run();
            });
  }

  /** Ends a run that an ended process left, and that nobody takes on any more; under the lock. */
  void cancel(Ledger unfinished, String reason) {
    RunId run = unfinished.start().run();
    runs.left().ending(run);
    engine.happened(
        new RunEvent.RunEnded(run, engine.bench().now(), RunState.CANCELLED, Optional.of(reason)),
        Journal.Wait.FOR_DISK,
        event -> {
          unfinished.add(event);
          write(unfinished.record());
          synchronized (runs) {
            runs.left().forget(run);
          }
          retention.ended(unfinished.record());
          endedEarlier(unfinished.record());
        });
  }

  /** What is left to do of a run whose record is in its file. */
  void endedEarlier(RunRecord record) {
    engine.tidying().later(() -> release(record));
  }

  private void write(RunRecord record) {
    try {
      records.write(record, Records.Sync.NO);
    } catch (StorageException e) {
      LOG.warn("Cannot write the record of run {}; the journal has it", record.id(), e);
    }
  }

  private void release(RunRecord record) {
    try {
      engine.bench().release(record);
    } catch (RuntimeException e) {
      LOG.warn("Cannot release what run {} kept; it costs room only", record.id(), e);
    }
  }
}
