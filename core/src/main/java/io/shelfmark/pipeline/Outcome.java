package io.shelfmark.pipeline;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What those who wait for a run wait for. Thread-safe. */
final class Outcome {

  private final CompletableFuture<Boolean> begun = new CompletableFuture<>();
  private final CompletableFuture<Optional<Object>> end = new CompletableFuture<>();

  void begun() {
    begun.complete(true);
  }

  /** The run has ended, with a value if it succeeded. */
  void ended(Optional<Object> value) {
    end.complete(value);
  }

  /** The runner has left the run. */
  void suspended(RuntimeException reason) {
    begun.completeExceptionally(reason);
    end.completeExceptionally(reason);
  }

  void awaitBegin() {
    join(begun);
  }

  Optional<Object> await() {
    return join(end);
  }

  boolean await(Duration limit) {
    try {
      end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static <V> V join(CompletableFuture<V> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while it waited for a run, which goes on", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }
}
