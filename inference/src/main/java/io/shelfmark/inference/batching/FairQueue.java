package io.shelfmark.inference.batching;

import io.shelfmark.inference.Priority;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits and in which order it goes: interactive before bulk, in each the callers by turns, of
 * a caller the oldest. A batch is led by whoever is next and filled with what shares its bucket,
 * interactive first; a caller's work never overtakes itself.
 *
 * <p>When {@value #PATIENCE} batches in a row had no bulk in them while bulk was waiting, bulk
 * leads the next one. Not thread-safe, and without a clock: whoever asks says what time it is.
 */
final class FairQueue<T, R> {

  /** Batches that bulk lets pass. */
  static final int PATIENCE = 7;

  private final int maxBatch;
  private final CallerRing<T, R> interactive = new CallerRing<>();
  private final CallerRing<T, R> bulk = new CallerRing<>();

  /**
   * How much of each bucket waits, to know when a batch is full; nothing is held back otherwise.
   */
  private final Map<Object, Integer> buckets = new HashMap<>();

  private int withoutBulk;

  FairQueue(int maxBatch) {
    this.maxBatch = maxBatch;
  }

  void add(Entry<T, R> entry) {
    ring(entry.request.priority()).add(entry);
    buckets.merge(entry.bucket, entry.size, Integer::sum);
  }

  /** False when it does not wait here. */
  boolean remove(Entry<T, R> entry) {
    boolean removed = ring(entry.request.priority()).remove(entry);
    if (removed) {
      forget(entry);
    }
    return removed;
  }

  int size() {
    return interactive.size() + bulk.size();
  }

  boolean isEmpty() {
    return size() == 0;
  }

  int bulkSize() {
    return bulk.size();
  }

  /** How much of {@code caller}'s waits. */
  int size(Object caller) {
    return interactive.size(caller) + bulk.size(caller);
  }

  /**
   * Takes the next batch.
   *
   * @return its entries, in the order of turns; none when nothing is due at {@code now}
   */
  List<Entry<T, R>> take(long now) {
    return take(entry -> isDue(entry, now));
  }

  /** The same, led by what {@code due} accepts. */
  List<Entry<T, R>> take(Predicate<Entry<T, R>> due) {
    boolean bulkLeads = withoutBulk >= PATIENCE;
    CallerRing<T, R> first = bulkLeads ? bulk : interactive;
    CallerRing<T, R> second = bulkLeads ? interactive : bulk;
    Entry<T, R> lead = first.poll(due);
    lead = lead == null ? second.poll(due) : lead;
    if (lead == null) {
      return List.of();
    }
    int bulkBefore = bulk.size() + (lead.request.priority() == Priority.BULK ? 1 : 0);
    List<Entry<T, R>> batch = List.of(lead);
    if (lead.size < maxBatch && !isEmpty()) {
      batch = new ArrayList<>(Math.min(maxBatch, 1 + size()));
      batch.add(lead);
      int filled = interactive.fill(batch, lead.size, maxBatch);
      bulk.fill(batch, filled, maxBatch);
    }
    batch.forEach(this::forget);
    boolean passedOver = bulkBefore > 0 && bulk.size() == bulkBefore;
    withoutBulk = passedOver ? withoutBulk + 1 : 0;
    return batch;
  }

  /** Nanoseconds until something is due; the largest number when nothing waits. */
  long untilDue(long now) {
    long least = Long.MAX_VALUE;
    for (Priority priority : Priority.values()) {
      for (Entry<T, R> entry : ring(priority).firsts()) {
        least = isDue(entry, now) ? 0 : Math.min(least, entry.due - now);
      }
    }
    return least;
  }

  /** Everything that waits, which then does not any more. */
  List<Entry<T, R>> removeAll() {
    List<Entry<T, R>> all = new ArrayList<>(size());
    for (Priority priority : Priority.values()) {
      CallerRing<T, R> ring = ring(priority);
      for (@Nullable Entry<T, R> next; (next = ring.poll(entry -> true)) != null; ) {
        all.add(next);
      }
    }
    buckets.clear();
    return all;
  }

  private boolean isDue(Entry<T, R> entry, long now) {
    return entry.due - now <= 0 || buckets.getOrDefault(entry.bucket, 0) >= maxBatch;
  }

  private void forget(Entry<T, R> entry) {
    buckets.computeIfPresent(
        entry.bucket, (bucket, sum) -> sum == entry.size ? null : sum - entry.size);
  }

  private CallerRing<T, R> ring(Priority priority) {
    return priority == Priority.BULK ? bulk : interactive;
  }
}
