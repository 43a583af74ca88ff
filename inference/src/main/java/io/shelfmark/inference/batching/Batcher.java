package io.shelfmark.inference.batching;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Runs the work of many callers in batches, on threads of its own. Make one for each stage with its
 * {@link BatchLimits}.
 *
 * <ul>
 *   <li>A batch is what waits when a lane is free, of one bucket and up to the maximum size; with a
 *       maximum delay a smaller one is held back for so long, unless a deadline is nearer.
 *   <li>Interactive work goes before bulk, which leads one batch in eight nevertheless. In each the
 *       callers take turns, and a caller's own work is begun in its order.
 *   <li>The queue is bounded; {@link WhenFull} says what happens to more. Callers that wait for
 *       room take turns too. Of callers that do not wait, one is taken only while it holds at most
 *       four times the places that are then left, so the last ones are for others (after Choudhury
 *       and Hahne, "Dynamic queue length thresholds for shared-memory packet switches", 1998).
 *   <li>Work whose deadline has passed is not begun, and its caller is told then, by {@link
 *       io.shelfmark.inference.DeadlineException}, even when it is being run.
 *   <li>So is work that has less time left than such work takes at the moment, while other work
 *       waits: an overloaded batcher does what is of use.
 *   <li>What fails in a batch fails alone: see {@link BatchStage#run}.
 *   <li>{@link #close} takes no more, waits for what was taken, and ends the threads; they also end
 *       by themselves after a minute without work.
 * </ul>
 *
 * <p>Futures are completed on the batcher's threads, and no lock is held: dependent actions that
 * may take long belong on another executor ({@code thenApplyAsync}). These threads never wait for
 * room, since only they can make some. Thread-safe; whoever makes a batcher closes it.
 *
 * @param <T> what is asked
 * @param <R> what is answered
 */
public final class Batcher<T, R> implements AutoCloseable {

  private final BatchStage<T, R> stage;
  private final BatchLimits limits;
  private final Lanes<T, R> lanes;

  /** A batcher without threads yet: they start with the first work. */
  public Batcher(BatchLimits limits, BatchStage<T, R> stage) {
    this.stage = new GuardedStage<>(Objects.requireNonNull(stage, "stage"));
    this.limits = Objects.requireNonNull(limits, "limits");
    this.lanes = new Lanes<>(limits, this.stage);
  }

  /**
   * Has {@code item} run, after waiting for room where the limits say so. Cancelling the future
   * gives up the item's place.
   *
   * @return the answer; completes exceptionally with what the stage throws, with {@link
   *     io.shelfmark.inference.DeadlineException} or with {@link
   *     io.shelfmark.inference.OverloadException}
   * @throws InterruptedException when the caller is interrupted while it waits for room; the item
   *     is not run. A caller that is let in at that moment gets its future and stays interrupted
   * @throws IllegalStateException when this batcher is closed
   */
  public CompletableFuture<R> submit(T item, Request request) throws InterruptedException {
    return submit(item, request, limits.whenFull());
  }

  /** The same with another answer to a full queue than that of the limits. */
  public CompletableFuture<R> submit(T item, Request request, WhenFull whenFull)
      throws InterruptedException {
    Objects.requireNonNull(item, "item");
    Objects.requireNonNull(request, "request");
    return lanes.submit(item, request, whenFull);
  }

  /**
   * Runs {@code item} and waits for its answer. Where a lane is free and nothing waits, the caller
   * itself runs it, without a change of threads.
   *
   * @throws InterruptedException when the caller is interrupted while it waits; the item is given
   *     up, and the others of its batch are not
   * @throws io.shelfmark.inference.DeadlineException when its deadline passes first
   * @throws io.shelfmark.inference.OverloadException when there is no room and the limits say not
   *     to wait
   * @throws IllegalStateException when this batcher is closed
   * @throws Exception what the stage throws
   */
  public R call(T item, Request request) throws Exception {
    return call(item, request, limits.whenFull());
  }

  /** The same with another answer to a full queue than that of the limits. */
  public R call(T item, Request request, WhenFull whenFull) throws Exception {
    boolean free = request.deadline().isNever() && lanes.enter();
    if (free) {
      try {
        return stage.run(List.of(item)).get(0);
      } finally {
        lanes.leave();
      }
    }
    try {
      return lanes.submitAndAwait(item, request, whenFull);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** How much waits in the queue, for gauges. */
  public int waiting() {
    return lanes.waiting();
  }

  /** Whether the calling thread is one of this batcher's: a callback. */
  public boolean isHere() {
    return lanes.isHere();
  }

  /**
   * Takes no more work, refuses the callers that wait for room, and returns when all that was taken
   * is done. Closing twice is harmless; one of the batcher's own threads (a callback) may close it.
   */
  @Override
  public void close() {
    lanes.close();
  }
}
