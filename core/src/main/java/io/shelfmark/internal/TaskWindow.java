package io.shelfmark.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Runs tasks many at once and hands their results on in the order in which they were added. So many
 * of them as the window is wide are in memory. For one thread, who closes it.
 */
public final class TaskWindow<T> implements AutoCloseable {

  /** Takes a result; called by the thread that adds. */
  @FunctionalInterface
  public interface Results<T> {
    /** Takes the next result. */
    void accept(T result) throws IOException;
  }

  private final ExecutorService executor;
  private final int width;
  private final Results<? super T> results;
  private final Deque<Future<T>> pending = new ArrayDeque<>();
  private volatile boolean closed;

  /** A window on an executor, which stays the caller's. */
  public TaskWindow(ExecutorService executor, int width, Results<? super T> results) {
    this.executor = executor;
    this.width = width;
    this.results = results;
  }

  /**
   * Adds a task. When the window is full, waits for the oldest one first.
   *
   * @throws IOException that a task or a taker of results threw, or on an interrupt
   */
  public void add(Callable<T> task) throws IOException {
    enqueue(
        executor.submit(
            () -> {
              // not by cancelling: a task that runs counts as cancelled, too, and cannot be awaited
              if (closed) {
                throw new CancellationException();
              }
              return task.call();
            }));
  }

  /** Adds a result that is known. */
  public void addResult(T result) throws IOException {
    enqueue(CompletableFuture.completedFuture(result));
  }

  private void enqueue(Future<T> task) throws IOException {
    pending.add(task);
    if (pending.size() > width) {
      take();
    }
  }

  /** Waits for all tasks. */
  public void finish() throws IOException {
    while (!pending.isEmpty()) {
      take();
    }
  }

  private void take() throws IOException {
    T result;
    try {
      result = pending.remove().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("an interrupt");
    }
    results.accept(result);
  }

  /** Drops the tasks that have not begun, after a failure, and waits for those that run. */
  @Override
  public void close() {
    closed = true;
    for (Future<T> task : pending) {
      try {
        task.get();
      } catch (ExecutionException e) {
        // the first failure is the one that is reported
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
