package io.shelfmark.inference.rollout;

import io.shelfmark.inference.DeadlineException;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A photo that a version reads on threads of its own. It lets the version go before it completes,
 * so that callbacks do not hold it, and passes a cancellation on.
 */
final class PendingReading extends CompletableFuture<ShelfReading> {

  private final VersionReader owner;
  private final Lane lane;
  private final ShelfPhoto photo;
  private final ReadOptions how;
  private final long start = System.nanoTime();
  private volatile @Nullable CompletableFuture<ShelfReading> asked;
  private volatile @Nullable Future<?> watch;

  /** Guarded by this: whether it is settled who lets the version go, which is done once. */
  private boolean taken;

  /** The caller has acquired the lane's version. */
  PendingReading(VersionReader owner, Lane lane, ShelfPhoto photo, ReadOptions how) {
    this.owner = owner;
    this.lane = lane;
    this.photo = photo;
    this.how = how;
  }

  /** Hands the photo to the version, waiting for room in its queue. */
  void begin() {
    if (take()) {
      begin(how);
    }
  }

  /** The same later, with what is left of the deadline: it runs from the call on. */
  void beginLater() {
    if (!take()) {
      return;
    }
    Optional<Duration> left = left();
    if (left.filter(time -> time.isZero() || time.isNegative()).isPresent()) {
      end(null, late(how.deadline().orElseThrow()));
    } else {
      begin(left.map(how::within).orElse(how));
    }
  }

  private void begin(ReadOptions options) {
    if (isDone()) {
      lane.version().release();
      return;
    }
    CompletableFuture<ShelfReading> pending;
    try {
      pending = lane.version().recognizer().recognizeAsync(photo, options);
    } catch (RuntimeException | Error e) {
      end(null, e);
      return;
    }
    asked = pending;
    if (isCancelled()) {
      pending.cancel(false);
    }
    CompletableFuture<ShelfReading> unused = pending.whenComplete(this::end);
  }

  /** How much there is to its deadline; nothing when it has none. */
  Optional<Duration> left() {
    return how.deadline().map(time -> time.minusNanos(System.nanoTime() - start));
  }

  /** What {@link #expire}s it while it waits to begin. */
  void watchedBy(Future<?> value) {
    watch = value;
  }

  /** Whether it is the caller who goes on with it: the first one, and nobody after. */
  private boolean take() {
    synchronized (this) {
      if (taken) {
        return false;
      }
      taken = true;
    }
    Future<?> watching = watch;
    if (watching != null) {
      watching.cancel(false);
    }
    return true;
  }

  /** Its time is up before it could begin. */
  void expire() {
    if (take()) {
      end(null, late(how.deadline().orElseThrow()));
    }
  }

  /** Ends it before it could begin. */
  void refuse(Throwable why) {
    if (take()) {
      end(null, why);
    }
  }

  @Override
  public boolean cancel(boolean interrupt) {
    boolean cancelled = super.cancel(interrupt);
    if (cancelled && take()) {
      lane.version().release();
    }
    CompletableFuture<ShelfReading> pending = asked;
    if (cancelled && pending != null) {
      pending.cancel(interrupt);
    }
    return cancelled;
  }

  private void end(@Nullable ShelfReading reading, @Nullable Throwable failure) {
    try {
      if (reading != null) {
        owner.read(lane, photo, reading, System.nanoTime() - start);
      } else if (!isCancelled()) {
        lane.meter().failed();
      }
    } finally {
      lane.version().release();
      owner.inCallback(() -> settle(reading, failure));
    }
  }

  private void settle(@Nullable ShelfReading reading, @Nullable Throwable failure) {
    if (failure != null) {
      completeExceptionally(asCallerKnows(failure));
    } else {
      complete(reading);
    }
  }

  /** A version that was given what was left speaks of that; the caller gave more. */
  private Throwable asCallerKnows(Throwable failure) {
    if (failure instanceof DeadlineException passed
        && how.deadline().isPresent()
        && !how.deadline().get().equals(passed.given())) {
      return late(how.deadline().get()).initCause(passed);
    }
    return failure;
  }

  private DeadlineException late(Duration given) {
    return DeadlineException.passed("read photo " + photo, given);
  }
}
