package io.shelfmark.internal.gc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.artifact.GarbageReport;
import io.shelfmark.artifact.GarbageReport.Outcome;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.internal.gc.Collection.State;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.internal.storage.MarkSet;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The collector's side of the agreement that {@link WriteGuard} describes. A call takes the
 * collection under way one or more steps on and never waits: condemn; once the grace period is over
 * and the writers that had begun before are done, delete what is still garbage. Thread-safe.
 */
public final class GarbageCollector {

  private final BlobStore store;
  private final RetentionRule rule;
  private final Duration grace;

  /** A collector of a store that stays the caller's. */
  public GarbageCollector(BlobStore store, RetentionRule rule, Duration grace) {
    this.store = store;
    this.rule = rule;
    this.grace = grace;
  }

  /** Lists what would be deleted if no writer were at work. */
  public GarbageReport dryRun() {
    List<BlobInfo> garbage = garbage();
    return report(Outcome.DRY_RUN, garbage, Optional.empty());
  }

  /** Takes the collection on as far as it may go now. */
  public GarbageReport collect() {
    List<BlobInfo> deleted = new ArrayList<>();
    Optional<Collection> collection = Collection.find(store);
    if (collection.isPresent() && !takeOn(collection.get(), deleted)) {
      return Collection.find(store)
          .map(now -> waiting(now, deleted))
          .orElseGet(() -> report(Outcome.BUSY, deleted, Optional.empty()));
    }
    sweepOrphans();
    Optional<Collection> begun = condemn();
    if (begun.isEmpty() || takeOn(begun.get(), deleted)) {
      return report(Outcome.CLEAN, deleted, Optional.empty());
    }
    return waiting(begun.get(), deleted);
  }

  private GarbageReport waiting(Collection collection, List<BlobInfo> deleted) {
    Outcome outcome = collection.state() == State.DELETING ? Outcome.BUSY : Outcome.WAITING;
    return new GarbageReport(
        outcome,
        deleted.stream().map(BlobInfo::key).sorted().toList(),
        deleted.stream().mapToLong(BlobInfo::size).sum(),
        Condemned.read(store, collection).size(),
        Optional.of(collection.startedAt().plus(grace)));
  }

  private static GarbageReport report(
      Outcome outcome, List<BlobInfo> blobs, Optional<Instant> dueAt) {
    return new GarbageReport(
        outcome,
        blobs.stream().map(BlobInfo::key).sorted().toList(),
        blobs.stream().mapToLong(BlobInfo::size).sum(),
        0,
        dueAt);
  }

  /** Versions that nothing keeps, and content that nothing leads to. */
  private List<BlobInfo> garbage() {
    MarkSet reached = Reachability.of(store, rule, List.of());
    List<BlobInfo> garbage = new ArrayList<>();
    Predicate<BlobInfo> unreached = blob -> !reached.contains(MarkSet.mark(blob.key()));
    for (String prefix : List.of("artifacts/", "datasets/")) {
      try (Stream<BlobInfo> blobs = store.list(prefix)) {
        blobs
            .filter(blob -> Layout.version(blob.key()).isPresent())
            .filter(unreached)
            .filter(blob -> !Tombstone.is(store, blob.key()))
            .forEach(garbage::add);
      }
    }
    try (Stream<BlobInfo> blobs = store.list("blobs/")) {
      blobs.filter(unreached).forEach(garbage::add);
    }
    return garbage;
  }

  /** Removes the lists of collectors and rescuers that were killed before or after a collection. */
  private void sweepOrphans() {
    String current = Collection.find(store).map(Collection::id).orElse("none");
    Instant old = store.currentTime().minus(Deletion.ABANDONED.multipliedBy(2));
    for (String prefix : List.of(Collection.CONDEMNED, Collection.RESCUED)) {
      try (Stream<BlobInfo> lists = store.list(prefix)) {
        lists
            .filter(list -> !list.key().value().startsWith(prefix + current))
            .filter(list -> list.lastModified().isBefore(old))
            .toList()
            .forEach(list -> store.delete(list.key()));
      }
    }
  }

  /** Begins a collection; nothing when there is no garbage, or another collector was first. */
  private Optional<Collection> condemn() {
    List<BlobInfo> garbage = garbage();
    if (garbage.isEmpty()) {
      return Optional.empty();
    }
    String id = UUID.randomUUID().toString();
    BlobKey list = BlobKey.of(Collection.CONDEMNED + id);
    String keys =
        garbage.stream().map(blob -> blob.key().value()).collect(Collectors.joining("\n"));
    store.put(list, BlobContent.of(keys.getBytes(UTF_8)));
    byte[] document = Collection.document(id, State.ANNOUNCED, store.currentTime(), list, Set.of());
    if (!ConditionalWrite.claim(store, Collection.KEY, document)) {
      store.delete(list);
      return Optional.empty();
    }
    if (store.head(list).isEmpty()) {
      // this process stood still, and another one took the list for a leftover
      store.delete(Collection.KEY);
      return Optional.empty();
    }
    return Collection.find(store).filter(found -> found.id().equals(id));
  }

  /** Takes a collection on; true when it is done with. */
  private boolean takeOn(Collection collection, List<BlobInfo> deleted) {
    Collection now = collection;
    if (now.state() == State.ANNOUNCED) {
      Set<String> writers = writers();
      Optional<Collection> condemned = change(now, State.CONDEMNED, writers);
      if (condemned.isEmpty()) {
        return false;
      }
      now = condemned.get();
    }
    if (now.state() == State.CONDEMNED) {
      boolean due = !now.startedAt().plus(grace).isAfter(store.currentTime());
      Set<String> waitFor = new HashSet<>(now.writers());
      waitFor.retainAll(writers());
      if (!due || !waitFor.isEmpty()) {
        return false;
      }
      Optional<Collection> deleting = change(now, State.DELETING, now.writers());
      if (deleting.isEmpty()) {
        return false;
      }
      new Deletion(store, rule, deleting.get()).run(deleted);
      return true;
    }
    return resume(store, rule, now, deleted);
  }

  private Set<String> writers() {
    return Leases.live(store).stream()
        .filter(lease -> lease.kind() == Lease.Kind.WRITER)
        .map(Lease.Seen::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Optional<Collection> change(Collection collection, State state, Set<String> writers) {
    return Deletion.change(store, collection, state, writers);
  }

  /**
   * Finishes a deletion whose collector was killed; false when it may still be at work. Nothing
   * beyond what it had condemned is deleted, and every version that there is is kept.
   */
  static boolean resumeIfAbandoned(BlobStore store, Collection collection) {
    return resume(store, RetentionRule.keepAll(), collection, new ArrayList<>());
  }

  private static boolean resume(
      BlobStore store, RetentionRule rule, Collection collection, List<BlobInfo> deleted) {
    Instant abandoned = collection.changedAt().plus(Deletion.ABANDONED);
    if (abandoned.isAfter(store.currentTime())) {
      return false;
    }
    Optional<Collection> ours =
        Deletion.change(store, collection, State.DELETING, collection.writers());
    ours.ifPresent(own -> new Deletion(store, rule, own).run(deleted));
    return ours.isPresent();
  }
}
