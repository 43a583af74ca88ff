package io.shelfmark.pipeline;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do of ended runs, on threads of its own: the store may be slow, and the journal's
 * thread must not wait for it. Thread-safe.
 */
final class Tidying implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Tidying.class);
  private static final int THREADS = 2;
  private static final long LONGEST_WAIT_SECONDS = 10;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> {
            Thread thread = new Thread(task, "shelfmark-pipeline-tidying");
            thread.setDaemon(true);
            return thread;
          });

  Tidying() {
    threads.allowCoreThreadTimeOut(true);
  }

  /** Does it soon; once closed, it is left to the next runner. */
  void later(Runnable task) {
    try {
      threads.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              LOG.warn("What is left of a run cannot be done", e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("What is left of a run waits for the next runner");
    }
  }

  /** What was begun is done first. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn(
            "Tidying up after runs takes more than {} s; the next runner goes on",
            LONGEST_WAIT_SECONDS);
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
