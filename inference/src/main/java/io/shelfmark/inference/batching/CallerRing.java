package io.shelfmark.inference.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits, in turns: one of each caller, then the next one of each. A caller's own work keeps
 * its order. The map is in the order of turns: who was served goes to its end, and whoever had
 * nothing of use for a batch keeps its place, so that no run of other people's batches passes it
 * over for ever. Round robin as in Nagle, "On Packet Switches with Infinite Storage" (RFC 970,
 * 1985). Not thread-safe.
 */
final class CallerRing<T, R> {

  private final Map<Object, ArrayDeque<Entry<T, R>>> turns = new LinkedHashMap<>();
  private int size;

  void add(Entry<T, R> entry) {
    turns.computeIfAbsent(entry.request.caller(), caller -> new ArrayDeque<>(4)).add(entry);
    size++;
  }

  boolean remove(Entry<T, R> entry) {
    Object caller = entry.request.caller();
    ArrayDeque<Entry<T, R>> line = turns.get(caller);
    if (line == null || !line.remove(entry)) {
      return false;
    }
    if (line.isEmpty()) {
      turns.remove(caller);
    }
    size--;
    return true;
  }

  int size() {
    return size;
  }

  /** How much of {@code caller}'s waits. */
  int size(Object caller) {
    ArrayDeque<Entry<T, R>> line = turns.get(caller);
    return line == null ? 0 : line.size();
  }

  /** Takes the first one of the next caller whose first one {@code wanted} accepts. */
  @Nullable Entry<T, R> poll(Predicate<Entry<T, R>> wanted) {
    for (Iterator<ArrayDeque<Entry<T, R>>> each = turns.values().iterator(); each.hasNext(); ) {
      ArrayDeque<Entry<T, R>> line = each.next();
      if (wanted.test(line.getFirst())) {
        each.remove();
        return takeFirst(line);
      }
    }
    return null;
  }

  /** Adds what fits beside {@code batch}'s first entry, of which {@code size} is taken up. */
  int fill(List<Entry<T, R>> batch, int size, int maximum) {
    Object bucket = batch.get(0).bucket;
    int filled = size;
    List<ArrayDeque<Entry<T, R>>> served = new ArrayList<>();
    do {
      served.clear();
      Iterator<ArrayDeque<Entry<T, R>>> each = turns.values().iterator();
      while (filled < maximum && each.hasNext()) {
        ArrayDeque<Entry<T, R>> line = each.next();
        Entry<T, R> first = line.getFirst();
        if (first.bucket.equals(bucket) && first.size <= maximum - filled) {
          each.remove();
          filled += first.size;
          served.add(line);
        }
      }
      for (ArrayDeque<Entry<T, R>> line : served) {
        batch.add(takeFirst(line));
      }
    } while (!served.isEmpty() && filled < maximum);
    return filled;
  }

  /** The line was taken out of the ring; the rest of it goes to the end. */
  private Entry<T, R> takeFirst(ArrayDeque<Entry<T, R>> line) {
    Entry<T, R> first = line.removeFirst();
    size--;
    if (!line.isEmpty()) {
      turns.put(first.request.caller(), line);
    }
    return first;
  }

  /** The first one of each caller, in the order of turns. */
  Iterable<Entry<T, R>> firsts() {
    return () -> turns.values().stream().map(ArrayDeque::getFirst).iterator();
  }
}
