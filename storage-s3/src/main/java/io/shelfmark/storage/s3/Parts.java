package io.shelfmark.storage.s3;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the parts of one direction share: threads, and the memory they may take. Nothing that runs
 * on the threads waits for memory or for other parts. Thread-safe; who made it closes it.
 */
final class Parts implements AutoCloseable {

  private final ExecutorService executor;
  private final PartBudget budget;

  Parts(String direction, int threads, int partSize) {
    AtomicInteger count = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread =
                  new Thread(task, "shelfmark-s3-" + direction + "-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    this.executor = pool;
    this.budget = new PartBudget(threads, partSize);
  }

  ExecutorService executor() {
    return executor;
  }

  PartBudget budget() {
    return budget;
  }

  @Override
  public void close() {
    for (Runnable task : executor.shutdownNow()) {
      // somebody waits for it
      if (task instanceof Future<?> future) {
        future.cancel(true);
      }
    }
  }
}
