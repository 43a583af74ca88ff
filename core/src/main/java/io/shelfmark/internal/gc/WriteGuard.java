package io.shelfmark.internal.gc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.internal.gc.Collection.State;
import io.shelfmark.internal.storage.MarkSet;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobNotFoundException;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A writer's side of the agreement with the collection of garbage. Get one from {@link
 * WriteGuards}; thread-safe.
 *
 * <p>The agreement, which holds on every store whose keys are linearizable:
 *
 * <ol>
 *   <li>A writer writes its lease, then reads the collection's document. A collector writes its
 *       document, then lists the leases. So either the writer sees the document, or the collector
 *       sees the lease and waits for its end.
 *   <li>A writer that sees the document and means to rely on a condemned key writes the key into a
 *       rescue, then reads the document again. A collector sets its document to DELETING, then
 *       reads the rescues. So either the writer sees that deletion has begun, and starts over after
 *       it, or the collector sees the rescue and keeps the key and all it leads to.
 * </ol>
 */
public final class WriteGuard implements AutoCloseable {

  private final BlobStore store;
  private final Lease lease;
  private final @Nullable Collection seen;
  private final @Nullable MarkSet condemned;

  /** Condemned keys that this writer relies on; guarded by itself. */
  private final Set<String> rescued = new TreeSet<>();

  WriteGuard(BlobStore store, Lease lease, Optional<Collection> seen) {
    this.store = store;
    this.lease = lease;
    this.seen = seen.orElse(null);
    this.condemned = seen.map(collection -> read(store, collection)).orElse(null);
  }

  private static MarkSet read(BlobStore store, Collection collection) {
    MarkSet condemned = new MarkSet();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(store.open(collection.condemned()), UTF_8))) {
      for (String line; (line = lines.readLine()) != null; ) {
        condemned.add(MarkSet.mark(BlobKey.of(line)));
      }
    } catch (BlobNotFoundException e) {
      // the collection has ended since its document was read
      throw new StartOverException();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot read list of garbage %s: found %s, expected readable bytes (try again)"
              .formatted(collection.condemned(), e),
          e);
    }
    return condemned;
  }

  /** Says that this writer relies on content, found or just written. */
  public void relyOn(Digest digest) {
    if (condemned != null && condemned.contains(MarkSet.mark(digest))) {
      rescue(BlobKey.of(digest));
    }
  }

  /** Says that this writer relies on a version and all that it leads to. */
  public void relyOn(BlobKey version) {
    if (condemned != null && condemned.contains(MarkSet.mark(version))) {
      rescue(version);
    }
  }

  private void rescue(BlobKey key) {
    synchronized (rescued) {
      rescued.add(key.value());
    }
  }

  /**
   * Settles that nothing that this writer relies on is deleted, from here on until its lease is
   * closed. Called once, before the pointer is written.
   *
   * @throws StartOverException when deletion has begun meanwhile
   */
  public void settle() {
    synchronized (rescued) {
      if (seen != null && !rescued.isEmpty()) {
        BlobKey key = BlobKey.of(Collection.RESCUED + seen.id() + "/" + lease.id());
        store.put(key, BlobContent.of(String.join("\n", rescued).getBytes(UTF_8)));
        boolean inTime =
            Collection.find(store)
                .filter(now -> now.id().equals(seen.id()) && now.state() != State.DELETING)
                .isPresent();
        if (!inTime) {
          store.delete(key);
          throw new StartOverException();
        }
      }
    }
    lease.requireAlive();
  }

  @Override
  public void close() {
    lease.close();
  }

  /** Deletion began while a writer worked: what it found may be gone, so it begins anew. */
  static final class StartOverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartOverException() {
      super("garbage is being deleted");
    }
  }
}
