package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the oldest batch to the store, again and again until the store has it, then the next one.
 * What the outcome is not known of is written again; writes allow that.
 *
 * <p>A failure other than that the store is away may lie in the batch: after some attempts its
 * writes are made apart, and those that fail while others do not are refused. If all fail, it may
 * as well lie in the store, and they are refused only after many more attempts.
 *
 * <p>For the sender's thread.
 */
final class Sender {

  /** Nothing to do until there is a batch. */
  static final long IDLE = Long.MAX_VALUE;

  /** So many attempts are made with the whole batch. */
  static final int WHOLE = 3;

  /** So many attempts are made before everything is refused; about two minutes by default. */
  static final int ALL = 12;

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  private enum State {
    WELL,
    AWAY,
    FAILING
  }

  private final Backlog backlog;
  private final RunStore store;
  private final Backoff backoff;
  private final Consumer<? super Refusal> listener;
  private State state = State.WELL;
  private int failures;
  private long retryAt;

  Sender(Backlog backlog, RunStore store, Backoff backoff, Consumer<? super Refusal> listener) {
    this.backlog = backlog;
    this.store = store;
    this.backoff = backoff;
    this.listener = listener;
  }

  /**
   * Brings one batch to the store, if it is time.
   *
   * @param now by the ticker
   * @return nanoseconds until the next step may do something
   */
  long step(long now) {
    if (state != State.WELL && now - retryAt < 0) {
      return retryAt - now;
    }
    try {
      @Nullable Batch batch = backlog.first();
      if (batch == null) {
        return IDLE;
      }
      write(batch.writes()).forEach(this::tell);
      backlog.sent(batch);
    } catch (StoreUnavailableException | AccessDeniedException e) {
      // a token that ran out can be renewed: nothing is refused for it
      return failed(State.AWAY, e, now);
    } catch (IOException | OutOfMemoryError e) {
      // not the batch's fault: the spool cannot be read just now, or memory is short
      return failed(State.FAILING, e, now);
    } catch (RuntimeException | Error e) {
      failures++;
      return failed(State.FAILING, e, now);
    }
    failures = 0;
    if (state != State.WELL) {
      LOG.info("The store takes writes again");
      state = State.WELL;
      backoff.reset();
      backlog.setAway(false);
    }
    return 0;
  }

  private List<Refusal> write(List<RunWrite> writes) {
    if (writes.isEmpty()) {
      return List.of();
    }
    if (failures < WHOLE) {
      return store.write(writes);
    }
    Sifting sifting = new Sifting(store);
    sifting.write(writes);
    return failures < ALL ? sifting.requireSome() : sifting.refusals();
  }

  private void tell(Refusal refusal) {
    try {
      listener.accept(refusal);
    } catch (RuntimeException e) {
      LOG.error("The listener failed at a refused write to run {}", refusal.write().runId(), e);
    }
  }

  private long failed(State next, Throwable failure, long now) {
    long wait = backoff.next();
    retryAt = now + wait;
    if (state != next) {
      state = next;
      if (next == State.AWAY) {
        LOG.warn(
            "The store is away; what is logged waits in {} meanwhile: {}",
            backlog.own().path(),
            failure.toString());
      } else {
        LOG.error(
            "Writing to the store fails; what is logged waits in {} meanwhile",
            backlog.own().path(),
            failure);
      }
      backlog.setAway(true);
    }
    return wait;
  }
}
