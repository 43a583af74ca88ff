package io.shelfmark.internal.gc;

import io.shelfmark.internal.gc.Collection.State;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.StorageException;
import java.util.Optional;
import java.util.function.Function;

/** Runs writers under a {@link WriteGuard}, anew when deletion crossed their way. Thread-safe. */
public final class WriteGuards {

  private static final long FIRST_WAIT_MILLIS = 5;
  private static final long LONGEST_WAIT_MILLIS = 1_000;

  private final BlobStore store;
  private final Leases leases;

  /** Guards of writers to a store. */
  public WriteGuards(BlobStore store, Leases leases) {
    this.store = store;
    this.leases = leases;
  }

  /**
   * Runs a writer, which calls {@link WriteGuard#settle()} before it writes its pointer. It may run
   * more than once; what it wrote before is content that nothing refers to.
   */
  public <T> T write(Function<WriteGuard, T> writer) {
    while (true) {
      try (WriteGuard guard = open()) {
        return writer.apply(guard);
      } catch (WriteGuard.StartOverException | LeaseLostException e) {
        // nothing is written yet that anyone refers to: begin again with a new lease
      }
    }
  }

  private WriteGuard open() {
    Lease lease = leases.writer();
    try {
      long wait = FIRST_WAIT_MILLIS;
      while (true) {
        Optional<Collection> collection = Collection.find(store);
        if (collection.filter(found -> found.state() == State.DELETING).isEmpty()) {
          return new WriteGuard(store, lease, collection);
        }
        if (!GarbageCollector.resumeIfAbandoned(store, collection.get())) {
          pause(wait);
          wait = Math.min(wait * 2, LONGEST_WAIT_MILLIS);
        }
      }
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(
          "Cannot write: found an interrupt while garbage was deleted, expected to wait for it (try again)",
          e);
    }
  }
}
