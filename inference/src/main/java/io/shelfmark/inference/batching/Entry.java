package io.shelfmark.inference.batching;

import io.shelfmark.inference.DeadlineException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One piece of work on its way through a {@link Batcher}, and its caller's future. */
final class Entry<T, R> extends CompletableFuture<R> {

  /** Where it is. Guarded by the batcher's lock, as all that can change here. */
  enum Place {
    /** Before the queue, with its caller waiting for room. */
    OUTSIDE,
    /** In the queue. */
    INSIDE,
    /** In a batch, or answered, or given up. */
    GONE
  }

  final T item;
  final Request request;
  final Object bucket;
  final int size;

  /** When it is run even if it is alone, by the monotonic clock. */
  final long due;

  private final Consumer<Entry<T, R>> whenCancelled;

  Place place = Place.GONE;

  /** Where its caller waits for room. */
  @Nullable Condition admitted;

  /**
   * Whether a thread waits for nothing but this, and minds the deadline itself: that saves it the
   * way by the timekeeper's thread, which on a busy machine is one more turn to wait for. Set
   * before it is handed in.
   */
  boolean awaited;

  Timekeeper.@Nullable Watch<Entry<T, R>> watch;

  /** Why it is not begun, when it could not be done in time any more. */
  @Nullable DeadlineException givenUp;

  // what became of it: written and read by the thread that runs its batch
  @Nullable R answer;
  @Nullable Throwable failure;

  Entry(
      T item,
      Request request,
      Object bucket,
      int size,
      long due,
      Consumer<Entry<T, R>> whenCancelled) {
    this.item = item;
    this.request = request;
    this.bucket = bucket;
    this.size = size;
    this.due = due;
    this.whenCancelled = whenCancelled;
  }

  /** Cancelling leaves the queue at once: the room is another's. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      whenCancelled.accept(this);
    }
    return cancelled;
  }

  /** What is made of this future is an ordinary one. */
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
