package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.RunWrite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes that go together: one call of the store, or one record of the spool. The writes and
 * figures never change; where it is stored and whether it was sent is guarded by the backlog.
 */
final class Batch {

  private final List<RunWrite> writes;
  private final long end;
  private final long bytes;
  private final long deadline;

  /** The spool in which it is too, once it is; where it ends there; whether the store has it. */
  @Nullable Spool spool;

  @Nullable SpoolPosition spoolEnd;
  boolean sent;

  /**
   * A batch in memory.
   *
   * @param writes in their order
   * @param end how many things had been added to the outbox up to its end
   * @param bytes what it takes of the outbox's memory
   * @param deadline the tick at which it has to be durable
   */
  Batch(List<RunWrite> writes, long end, long bytes, long deadline) {
    this.writes = writes;
    this.end = end;
    this.bytes = bytes;
    this.deadline = deadline;
  }

  /** A batch that was read from a spool. */
  static Batch stored(List<RunWrite> writes, long end, Spool spool, SpoolPosition spoolEnd) {
    Batch batch = new Batch(writes, end, 0, 0);
    batch.spool = spool;
    batch.spoolEnd = spoolEnd;
    return batch;
  }

  List<RunWrite> writes() {
    return writes;
  }

  long end() {
    return end;
  }

  long bytes() {
    return bytes;
  }

  long deadline() {
    return deadline;
  }
}
