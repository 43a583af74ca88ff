package io.shelfmark.inference.rollout;

import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A photo that a version reads on threads of its own. It lets the version go before it completes,
 * so that callbacks do not hold it, and passes a cancellation on.
 */
final class PendingReading extends CompletableFuture<ShelfReading> {

  private static final Duration SHORTEST = Duration.ofNanos(1);

  private final VersionReader owner;
  private final Lane lane;
  private final ShelfPhoto photo;
  private final ReadOptions how;
  private final long start = System.nanoTime();
  private volatile @Nullable CompletableFuture<ShelfReading> asked;

  /** The caller has acquired the lane's version. */
  PendingReading(VersionReader owner, Lane lane, ShelfPhoto photo, ReadOptions how) {
    this.how = how;
    this.owner = owner;
    this.lane = lane;
    this.photo = photo;
  }

  /** Hands the photo to the version, waiting for room in its queue. */
  void begin() {
    begin(how);
  }

  /** The same later, with what is left of the deadline: it runs from the call on. */
  void beginLater() {
    begin(left());
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

  private ReadOptions left() {
    return how.deadline()
        .map(time -> time.minusNanos(System.nanoTime() - start))
        .map(time -> how.within(time.compareTo(SHORTEST) < 0 ? SHORTEST : time))
        .orElse(how);
  }

  @Override
  public boolean cancel(boolean interrupt) {
    boolean cancelled = super.cancel(interrupt);
    CompletableFuture<ShelfReading> pending = asked;
    if (cancelled && pending != null) {
      pending.cancel(interrupt);
    }
    return cancelled;
  }

  /** Ends it unread: its recognizer was closed before it could begin. */
  void refuse() {
    lane.version().release();
    completeExceptionally(
        new IllegalStateException("Cannot read photos: the price tag recognizer is closed"));
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
      completeExceptionally(failure);
    } else {
      complete(reading);
    }
  }
}
