package io.shelfmark.inference.rollout;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps callbacks from waiting for each other. A callback runs on a thread of some version, which
 * knows its own threads and lets them hand in photos without room; but not another version's. Two
 * versions whose threads all wait for room in the other one would never go on. So a callback hands
 * its photos to a thread in between, which may wait. Thread-safe.
 */
final class Callbacks {

  private final ThreadLocal<Boolean> running = new ThreadLocal<>();
  private final ThreadPoolExecutor between =
      new ThreadPoolExecutor(
          1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), Callbacks::daemon);

  Callbacks() {
    between.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "shelfmark-hand-in");
    thread.setDaemon(true);
    return thread;
  }

  /** Whether the calling thread is in a callback. */
  boolean running() {
    return running.get() != null;
  }

  /** Runs {@code completion}, and the callbacks in it. */
  void during(Runnable completion) {
    boolean nested = running();
    running.set(true);
    try {
      completion.run();
    } finally {
      if (!nested) {
        running.remove();
      }
    }
  }

  /** Begins a reading, here or in between. */
  void handIn(PendingReading pending) {
    if (!running()) {
      pending.begin();
      return;
    }
    try {
      between.execute(pending::beginLater);
    } catch (RejectedExecutionException e) {
      pending.refuse();
    }
  }

  /** Takes no more; those that wait are begun. */
  void close() {
    between.shutdown();
  }
}
