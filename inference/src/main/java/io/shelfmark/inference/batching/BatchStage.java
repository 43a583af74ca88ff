package io.shelfmark.inference.batching;

import java.util.List;

/**
 * The work that a {@link Batcher} runs for many callers. Called by several threads at once.
 *
 * @param <T> what is asked
 * @param <R> what is answered
 */
public interface BatchStage<T, R> {

  /**
   * Answers all of a batch. When it throws, the batch is halved and run again until what fails is
   * alone, so an item may be run several times, and a failure is the item's own.
   *
   * @param items what is asked, in the order of turns; all of one {@link #bucket}
   * @return one answer for each, in their order
   */
  List<R> run(List<T> items) throws Exception;

  /** What the threads that run it are called, such as {@code recognizer}. */
  String name();

  /**
   * What messages call the work on {@code item}, such as {@code read photo shelf.jpg}. Where it
   * throws, messages say so.
   */
  String describe(T item);

  /** What callers are told once the batcher is closed. */
  IllegalStateException closed();

  /** Only items of equal buckets share a batch; all of them, unless overridden. */
  default Object bucket(T item) {
    return BatchStage.class;
  }

  /** How much of a batch {@code item} is; 1 unless overridden, and never less. */
  default int size(T item) {
    return 1;
  }

  /**
   * Takes an answer that nobody waits for any more, so that what it holds can be given back;
   * nothing unless overridden, for answers that hold nothing. What it throws is logged.
   */
  default void discard(R answer) {}
}
