package io.shelfmark.cluster;

import io.shelfmark.storage.Digest;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * How long tickets wait whose graph is not registered here. Another worker may have it, so a ticket
 * comes back soon at first; the longer nobody takes it, the less often, so that a run that nobody
 * can do does not take the workers from all others. Each ticket counts for itself: where the graphs
 * of several hosts share a queue, a ticket that meets the wrong worker once waits only shortly.
 * Thread-safe.
 */
final class UnknownGraphs {

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** A wait is this part of the time since the ticket was first here. */
  private static final int PART = 4;

  /** One that has not come back for so long was taken by another worker. */
  private static final Duration GONE = Duration.ofMinutes(10);

  static final int MOST = 10_000;

  private final LongSupplier nanos;

  /** Those that came last are last. */
  private final Map<String, Miss> misses = new LinkedHashMap<>(16, 0.75f, true);

  /** When a ticket was here, on the monotonic clock. */
  private record Miss(String pipeline, Digest graph, long first, long last) {}

  UnknownGraphs(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Notes that a ticket was here, and gives how long it is to wait. */
  Duration miss(String ticket, String pipeline, Digest graph) {
    long wait = sinceFirst(ticket, pipeline, graph) / PART;
    wait = Math.min(LONGEST.toNanos(), Math.max(SHORTEST.toNanos(), wait));
    // three quarters to five quarters of it: those that came together need not come together again
    return Duration.ofNanos(wait * 3 / 4 + ThreadLocalRandom.current().nextLong(wait / 2));
  }

  private synchronized long sinceFirst(String ticket, String pipeline, Digest graph) {
    long now = nanos.getAsLong();
    Miss known = misses.get(ticket);
    if (known == null && misses.size() >= MOST && !makeRoom(now)) {
      return PART * LONGEST.toNanos();
    }
    long first = known == null ? now : known.first();
    misses.put(ticket, new Miss(pipeline, graph, first, now));
    return now - first;
  }

  private boolean makeRoom(long now) {
    Iterator<Miss> oldest = misses.values().iterator();
    if (now - oldest.next().last() < GONE.toNanos()) {
      return false;
    }
    oldest.remove();
    return true;
  }

  /** A graph is registered now. */
  synchronized void registered(String pipeline, Digest graph) {
    misses
        .values()
        .removeIf(miss -> miss.pipeline().equals(pipeline) && miss.graph().equals(graph));
  }
}
