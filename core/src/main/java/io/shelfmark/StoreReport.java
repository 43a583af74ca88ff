package io.shelfmark;

import io.shelfmark.storage.BlobKey;
import java.util.List;
import java.util.Objects;

/**
 * What {@link Workspace#verify()} found.
 *
 * @param blobs how many pieces of content were read
 * @param bytes how long these are together
 * @param versions how many versions of artifacts and datasets were followed to all their files
 * @param faults what is not as it should be; none when all is well
 */
public record StoreReport(long blobs, long bytes, long versions, List<Fault> faults) {

  /**
   * Something in the store that is not as it should be.
   *
   * @param key where: of the damaged content, or of the version, alias or working file that misses
   *     something
   * @param problem what was found and what was expected
   */
  public record Fault(BlobKey key, String problem) {

    /** Checks that both are there. */
    public Fault {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(problem, "problem");
    }
  }

  /** Copies the list. */
  public StoreReport {
    faults = List.copyOf(faults);
  }

  /** Whether nothing is damaged or missing. */
  public boolean isSound() {
    return faults.isEmpty();
  }
}
