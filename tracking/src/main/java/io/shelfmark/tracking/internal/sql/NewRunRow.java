package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.Lifecycle;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import org.jspecify.annotations.Nullable;

/**
 * The row of a run that is made in a transaction, as its later writes leave it: so it is inserted
 * once and not updated. Not thread-safe.
 */
final class NewRunRow {

  private final NewRun run;
  private final String artifactLocation;
  private String name;
  private RunStatus status = RunStatus.RUNNING;
  private @Nullable Long endTime;
  private @Nullable Long heartbeat;

  NewRunRow(NewRun run, String name, String artifactLocation) {
    this.run = run;
    this.name = name;
    this.artifactLocation = artifactLocation;
  }

  void update(RunUpdate update) {
    update.name().ifPresent(value -> name = value);
    update.endTime().ifPresent(value -> endTime = value.toEpochMilli());
    update.status().ifPresent(value -> status = value);
    if (update.status().filter(RunStatus.RUNNING::equals).isPresent()) {
      endTime = null;
      heartbeat = null;
    }
  }

  void heartbeat(long time) {
    heartbeat = time;
  }

  /** In the order of the columns of {@link RunRowWrites}. */
  @Nullable Object[] params() {
    return new @Nullable Object[] {
      run.id(),
      run.experimentId(),
      name,
      run.user(),
      status.name(),
      run.startTime().toEpochMilli(),
      endTime,
      artifactLocation,
      Lifecycle.ACTIVE.name(),
      heartbeat
    };
  }
}
