package io.shelfmark.internal.gc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.StorageException;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A sign in the store that someone is at work: the collection of garbage waits for writers, and
 * keeps what readers name. It is renewed while it is open; when its process dies it expires. Its
 * age is measured by the store's clock on the store's side, and by this machine's elapsed time
 * here, so that no two clocks are ever compared.
 *
 * <p>Thread-safe. Who opened it closes it.
 */
public final class Lease implements AutoCloseable {

  static final String PREFIX = "leases/";

  /** What a lease stands for. */
  public enum Kind {
    /** A writer that may rely on any blob it finds. */
    WRITER,
    /** A reader of the keys that the lease names. */
    READER
  }

  private final BlobStore store;
  private final BlobKey key;
  private final byte[] document;
  private final Duration duration;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** By System.nanoTime, taken before the request that renewed the lease. */
  private volatile long renewed;

  private Lease(BlobStore store, BlobKey key, byte[] document, Duration duration) {
    this.store = store;
    this.key = key;
    this.document = document;
    this.duration = duration;
  }

  static Lease open(BlobStore store, Kind kind, Collection<BlobKey> keys, Duration duration) {
    BlobKey key = BlobKey.of(PREFIX + UUID.randomUUID());
    ObjectNode document =
        Json.document().put("kind", kind.name()).put("seconds", duration.toSeconds());
    keys.forEach(kept -> document.withArray("keys").add(kept.value()));
    Lease lease = new Lease(store, key, Json.bytes(document), duration);
    lease.renew();
    return lease;
  }

  /** Its name in the store. */
  public String id() {
    return key.value().substring(PREFIX.length());
  }

  /** Writes the lease again; its time begins anew. */
  void renew() {
    long before = System.nanoTime();
    store.put(key, BlobContent.of(document));
    renewed = before;
  }

  boolean isOpen() {
    return !closed.get();
  }

  /**
   * Checks that the lease has not run out, with a quarter of its time to spare for the write that
   * follows.
   *
   * @throws StorageException when it has, because this process stood still or the store was away
   */
  public void requireAlive() {
    Duration age = Duration.ofNanos(System.nanoTime() - renewed);
    if (age.compareTo(duration.multipliedBy(3).dividedBy(4)) > 0) {
      throw new LeaseLostException(
          "Cannot rely on lease %s: found it %d s old, expected a renewal every %d s (try again; the process stood still or the store was away)"
              .formatted(id(), age.toSeconds(), duration.dividedBy(3).toSeconds()));
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      store.delete(key);
    }
  }

  /** What a lease of the store says. */
  record Seen(String id, Kind kind, Set<BlobKey> keys) {}
}
