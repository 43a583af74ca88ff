package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.RunWrite;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Room for some thousand things that were added, without an object for each. Whoever holds it
 * guards it: the buffer while it fills, the writer's thread while it empties.
 */
final class Chunk {

  static final int CAPACITY = 4096;

  /** A chunk of long texts is full before its places are. */
  private static final long MOST_BYTES = 1 << 20;

  /** A metric's run id, or a write. */
  private final @Nullable Object[] things = new Object[CAPACITY];

  /** A metric's key; null where the thing is a write. */
  private final @Nullable String[] keys = new String[CAPACITY];

  private final double[] values = new double[CAPACITY];
  private final long[] steps = new long[CAPACITY];
  private final long[] times = new long[CAPACITY];
  private int size;
  private long bytes;

  void metric(String runId, String key, double value, long step, long timeMillis, long cost) {
    int at = size;
    things[at] = runId;
    keys[at] = key;
    values[at] = value;
    steps[at] = step;
    times[at] = timeMillis;
    size = at + 1;
    bytes += cost;
  }

  void add(RunWrite write, long cost) {
    things[size] = write;
    size++;
    bytes += cost;
  }

  boolean isFull() {
    return size == CAPACITY || bytes >= MOST_BYTES;
  }

  int size() {
    return size;
  }

  long bytes() {
    return bytes;
  }

  /** Hands everything on in order. */
  void drainTo(Gathering gathering) {
    for (int i = 0; i < size; i++) {
      Object thing = things[i];
      String key = keys[i];
      if (key != null && thing instanceof String runId) {
        gathering.metric(runId, key, values[i], steps[i], times[i]);
      } else if (thing instanceof RunWrite write) {
        gathering.add(write);
      }
    }
  }

  /** Empties it, to be filled again. */
  void clear() {
    Arrays.fill(things, 0, size, null);
    Arrays.fill(keys, 0, size, null);
    size = 0;
    bytes = 0;
  }
}
