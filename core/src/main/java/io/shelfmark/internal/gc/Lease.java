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
import java.util.function.LongSupplier;

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

  private final LongSupplier nanoTime;

  /** Taken before the request that renewed the lease. */
  private volatile long renewed;

  /** Once it has been too old it stays lost: others may have seen it expired and gone on. */
  private volatile boolean lost;

  private Lease(
      BlobStore store, BlobKey key, byte[] document, Duration duration, LongSupplier nanoTime) {
    this.store = store;
    this.key = key;
    this.document = document;
    this.duration = duration;
    this.nanoTime = nanoTime;
    this.renewed = nanoTime.getAsLong();
  }

  static Lease open(BlobStore store, Kind kind, Collection<BlobKey> keys, Duration duration) {
    return open(store, kind, keys, duration, System::nanoTime);
  }

  static Lease open(
      BlobStore store,
      Kind kind,
      Collection<BlobKey> keys,
      Duration duration,
      LongSupplier nanoTime) {
    BlobKey key = BlobKey.of(PREFIX + UUID.randomUUID());
    ObjectNode document =
        Json.document().put("kind", kind.name()).put("seconds", duration.toSeconds());
    keys.forEach(kept -> document.withArray("keys").add(kept.value()));
    Lease lease = new Lease(store, key, Json.bytes(document), duration, nanoTime);
    lease.renew();
    return lease;
  }

  /** Its name in the store. */
  public String id() {
    return key.value().substring(PREFIX.length());
  }

  /** Writes the lease again; its time begins anew, unless it has run out. */
  void renew() {
    long before = nanoTime.getAsLong();
    if (isOld(before)) {
      lost = true;
    }
    store.put(key, BlobContent.of(document));
    renewed = before;
  }

  private boolean isOld(long now) {
    return now - renewed > duration.multipliedBy(3).dividedBy(4).toNanos();
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
    long now = nanoTime.getAsLong();
    if (lost || isOld(now)) {
      throw new LeaseLostException(
          "Cannot rely on lease %s: found that it was not renewed in time, expected a renewal every %d s (try again; the process stood still or the store was away)"
              .formatted(id(), duration.dividedBy(3).toSeconds()));
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
