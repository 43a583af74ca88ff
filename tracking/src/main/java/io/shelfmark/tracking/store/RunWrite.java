package io.shelfmark.tracking.store;

import java.time.Instant;
import java.util.Objects;

/** One of many writes that {@link RunStore#write} takes at once. Each may be made again. */
public sealed interface RunWrite {

  /** Whose record it changes. */
  String runId();

  /**
   * Makes a run.
   *
   * @param run to be made
   */
  record Create(NewRun run) implements RunWrite {
    /** Checks that it is there. */
    public Create {
      Objects.requireNonNull(run, "run");
    }

    @Override
    public String runId() {
      return run.id();
    }
  }

  /**
   * Logs to a run.
   *
   * @param runId to which
   * @param log what
   */
  record Log(String runId, RunLog log) implements RunWrite {
    /** Checks that everything is there. */
    public Log {
      Objects.requireNonNull(runId, "runId");
      Objects.requireNonNull(log, "log");
    }
  }

  /**
   * Changes the head of a run.
   *
   * @param runId of which
   * @param update what
   */
  record Update(String runId, RunUpdate update) implements RunWrite {
    /** Checks that everything is there. */
    public Update {
      Objects.requireNonNull(runId, "runId");
      Objects.requireNonNull(update, "update");
    }
  }

  /**
   * Says that a run's process lives. A run that said so once and no longer does becomes KILLED.
   *
   * @param runId of which
   * @param time when it lived, by the clock of its machine
   */
  record Heartbeat(String runId, Instant time) implements RunWrite {
    /** Checks that everything is there. */
    public Heartbeat {
      Objects.requireNonNull(runId, "runId");
      Objects.requireNonNull(time, "time");
    }
  }
}
