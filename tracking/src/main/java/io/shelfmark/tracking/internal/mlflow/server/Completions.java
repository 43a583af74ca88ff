package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.store.StoreUnavailableException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work that takes longer than clients wait, and that they ask for again: the next one who asks
 * waits for the work that is under way, and is told of the work that was done lately. What failed
 * is done anew. Thread-safe.
 */
final class Completions {

  private static final int MOST = 1_000;

  /** By what is done; those under way among them. Protected by itself. */
  private final Map<String, FutureTask<Boolean>> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FutureTask<Boolean>> eldest) {
          return size() > MOST;
        }
      };

  /** Does the work of this name, unless another thread does or has done it. */
  void once(String name, Runnable work) {
    FutureTask<Boolean> own = new FutureTask<>(work, true);
    FutureTask<Boolean> task;
    synchronized (known) {
      task = known.computeIfAbsent(name, key -> own);
    }
    if (task == own) {
      own.run();
    }
    try {
      task.get();
    } catch (ExecutionException e) {
      synchronized (known) {
        known.remove(name, task);
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(
          "Cannot wait for %s: interrupted (ask again)".formatted(name.split("\n", 2)[0]), e);
    }
  }
}
