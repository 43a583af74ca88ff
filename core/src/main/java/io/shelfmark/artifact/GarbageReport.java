package io.shelfmark.artifact;

import io.shelfmark.storage.BlobKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a call of the collection of garbage did.
 *
 * @param outcome how far it came
 * @param keys what was deleted, or in a dry run would be, in order; about 200 bytes of memory each
 * @param bytes how long these are together
 * @param condemned how many keys wait for their deletion now
 * @param dueAt when they are due, by the store's clock
 */
public record GarbageReport(
    Outcome outcome, List<BlobKey> keys, long bytes, long condemned, Optional<Instant> dueAt) {

  /** How far a call came. */
  public enum Outcome {
    /** There is no garbage, or it was deleted just now. */
    CLEAN,
    /** Garbage is condemned and waits for the grace period, or for writers that began before. */
    WAITING,
    /** Another process is deleting. */
    BUSY,
    /** A dry run: nothing was condemned or deleted. */
    DRY_RUN
  }

  /** Copies the list. */
  public GarbageReport {
    keys = List.copyOf(keys);
  }
}
