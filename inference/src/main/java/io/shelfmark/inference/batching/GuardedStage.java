package io.shelfmark.inference.batching;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stage whose {@code describe} and {@code discard} never throw: they are called between batches,
 * where a failure would end a lane's thread and leave others without an answer. Thread-safe.
 */
final class GuardedStage<T, R> implements BatchStage<T, R> {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedStage.class);

  private final BatchStage<T, R> stage;
  private final String name;

  GuardedStage(BatchStage<T, R> stage) {
    this.stage = stage;
    this.name = stage.name();
  }

  @Override
  public List<R> run(List<T> items) throws Exception {
    return stage.run(items);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String describe(T item) {
    try {
      return stage.describe(item);
    } catch (RuntimeException | Error e) {
      return "do work of the %s that cannot be described (%s)".formatted(name, e);
    }
  }

  @Override
  public IllegalStateException closed() {
    return stage.closed();
  }

  @Override
  public Object bucket(T item) {
    return stage.bucket(item);
  }

  @Override
  public int size(T item) {
    return stage.size(item);
  }

  /** Nobody waits for the answer any more, so that nobody could be told but the log. */
  @Override
  public void discard(R answer) {
    try {
      stage.discard(answer);
    } catch (RuntimeException | Error e) {
      LOG.warn("An answer of the {} could not be discarded", name, e);
    }
  }
}
