package io.shelfmark.testing;

import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Callers that all begin at the same instant. */
final class Together {

  static final int CALLERS = 8;

  private Together() {}

  /** A write that may conflict. */
  interface Write {
    BlobInfo by(int caller) throws Exception;
  }

  /** Whether each caller's write succeeded; a conflict is none. */
  static List<Boolean> race(Write write) {
    return call(
        IntStream.range(0, CALLERS)
            .mapToObj(
                caller ->
                    (Callable<Boolean>)
                        () -> {
                          try {
                            write.by(caller);
                            return true;
                          } catch (BlobConflictException e) {
                            return false;
                          }
                        })
            .toList());
  }

  /** Calls all tasks at one instant, each on a thread of its own; gives what they return. */
  static <T> List<T> call(List<Callable<T>> tasks) {
    ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
    try {
      CyclicBarrier barrier = new CyclicBarrier(tasks.size());
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> task : tasks) {
        futures.add(
            executor.submit(
                () -> {
                  barrier.await(30, TimeUnit.SECONDS);
                  return task.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(100, TimeUnit.SECONDS));
      }
      return results;
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      executor.shutdownNow();
    }
  }
}
