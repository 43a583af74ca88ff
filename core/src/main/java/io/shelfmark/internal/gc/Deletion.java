package io.shelfmark.internal.gc;

import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.internal.gc.Collection.State;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.internal.storage.MarkSet;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The last step of a collection, by the one who set its document to DELETING. It says that it is
 * alive by writing the document again; it deletes nothing once it has been silent for half the time
 * after which others may take over. Not thread-safe.
 */
final class Deletion {

  /** After this long without a sign of life another process finishes the deletion. */
  static final Duration ABANDONED = Duration.ofMinutes(2);

  private final BlobStore store;
  private final RetentionRule rule;
  private Collection collection;

  /** By System.nanoTime, taken before the request that gave the last sign of life. */
  private long alive = System.nanoTime();

  Deletion(BlobStore store, RetentionRule rule, Collection collection) {
    this.store = store;
    this.rule = rule;
    this.collection = collection;
  }

  void run(List<BlobInfo> deleted) {
    List<BlobKey> condemned = Condemned.read(store, collection);
    List<BlobKey> rescues = rescues(collection.id());
    Set<BlobKey> rescued = new HashSet<>();
    rescues.forEach(rescue -> rescued.addAll(Condemned.read(store, rescue)));
    MarkSet reached = Reachability.of(store, rule, new ArrayList<>(rescued));
    for (BlobKey key : condemned) {
      if (!reached.contains(MarkSet.mark(key))) {
        stayAlive();
        delete(key).ifPresent(deleted::add);
      }
    }
    signOfLife();
    rescues(collection.id()).forEach(store::delete);
    store.delete(collection.condemned());
    store.delete(Collection.KEY);
  }

  private Optional<BlobInfo> delete(BlobKey key) {
    if (Layout.version(key).isPresent()) {
      return Tombstone.put(store, key);
    }
    Optional<BlobInfo> info = store.head(key);
    if (info.isPresent()) {
      store.delete(key);
    }
    return info;
  }

  private List<BlobKey> rescues(String id) {
    try (Stream<BlobInfo> rescues = store.list(Collection.RESCUED + id + "/")) {
      return rescues.map(BlobInfo::key).toList();
    }
  }

  private void stayAlive() {
    if (System.nanoTime() - alive > ABANDONED.toNanos() / 4) {
      signOfLife();
    }
  }

  private void signOfLife() {
    long now = System.nanoTime();
    if (now - alive > ABANDONED.toNanos() / 2) {
      throw lost("that it was silent for " + Duration.ofNanos(now - alive).toSeconds() + " s");
    }
    collection =
        change(store, collection, State.DELETING, collection.writers())
            .orElseThrow(() -> lost("another process that took over"));
    alive = now;
  }

  private StorageException lost(String found) {
    return new StorageException(
        "Cannot go on to delete garbage of collection %s: found %s, expected to be alone (nothing is lost; collect again)"
            .formatted(collection.id(), found));
  }

  /** Writes the document of a collection anew; nothing when someone else did meanwhile. */
  static Optional<Collection> change(
      BlobStore store, Collection collection, State state, Set<String> writers) {
    byte[] document =
        Collection.document(
            collection.id(), state, collection.startedAt(), collection.condemned(), writers);
    if (!ConditionalWrite.replace(store, Collection.KEY, document, collection.etag())) {
      return Optional.empty();
    }
    return Collection.find(store)
        .filter(found -> found.id().equals(collection.id()) && found.state() == state);
  }
}
