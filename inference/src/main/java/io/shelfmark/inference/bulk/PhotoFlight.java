package io.shelfmark.inference.bulk;

import io.shelfmark.ShelfmarkException;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.UnreadablePhotoException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Photos on their way through a recognizer: at most so many of them are opened and not yet taken
 * out, which is what bounds memory. A few threads of its own open photos and hand them in, since a
 * recognizer lets whoever hands in a photo wait; outcomes come out as they are done.
 *
 * <p>{@link #poll} and {@link #close} are for one thread, {@link #stop} for any.
 */
final class PhotoFlight implements AutoCloseable {

  /** Threads that open photos: files on a network's disk take their time one by one. */
  private static final int OPENERS = 4;

  /** An outcome, what ends the flight, or neither: an opener has ended. */
  private record Landing(@Nullable BulkOutcome outcome, @Nullable Throwable failure) {}

  private final PriceTagRecognizer recognizer;
  private final Optional<String> readBy;
  private final Clock clock;
  private final Semaphore room;
  private final BlockingQueue<Landing> landed = new LinkedBlockingQueue<>();
  private final List<Thread> openers = new ArrayList<>();
  private final AtomicLong begun = new AtomicLong();
  private volatile boolean stopped;
  private volatile boolean exhausted;

  // guards itself: its photos are found one at a time
  private final Iterator<BulkPhoto> photos;

  // of the thread that polls
  private int ended;
  private long taken;

  PhotoFlight(
      PriceTagRecognizer recognizer,
      Iterator<BulkPhoto> photos,
      int width,
      Optional<String> readBy,
      Clock clock) {
    this.recognizer = recognizer;
    this.photos = photos;
    this.room = new Semaphore(width);
    this.readBy = readBy;
    this.clock = clock;
    for (int i = 0; i < Math.min(OPENERS, width); i++) {
      Thread opener = new Thread(this::openPhotos, "shelfmark-bulk-opener");
      opener.setDaemon(true);
      openers.add(opener);
    }
  }

  /** The same flight, begun. */
  PhotoFlight begin() {
    openers.forEach(Thread::start);
    return this;
  }

  /**
   * The next outcome; null when there is none for so long, or ever: see {@link #isOver}. What ends
   * a flight, the recognizer's closing or a failure of the source of photos, is thrown.
   */
  @Nullable BulkOutcome poll(long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    while (!isOver()) {
      long left = nanos == Long.MAX_VALUE ? nanos : deadline - System.nanoTime();
      Landing landing = landed.poll(left, TimeUnit.NANOSECONDS);
      if (landing == null) {
        return null;
      }
      if (landing.failure() instanceof RuntimeException failure) {
        throw failure;
      }
      if (landing.failure() instanceof Error failure) {
        throw failure;
      }
      if (landing.failure() != null) {
        throw new IllegalStateException(
            "Cannot go on reading photos: their source failed with " + landing.failure(),
            landing.failure());
      }
      if (landing.outcome() == null) {
        ended++;
      } else {
        taken++;
        room.release();
        return landing.outcome();
      }
    }
    return null;
  }

  /** Whether every outcome has been taken out. */
  boolean isOver() {
    return ended == openers.size() && taken == begun.get();
  }

  /** Whether the source of photos has come to its end. */
  boolean isExhausted() {
    return exhausted;
  }

  /** Opens no more photos; those on their way still come out. */
  void stop() {
    stopped = true;
  }

  /** Whether it opens no more. */
  boolean isStopped() {
    return stopped;
  }

  private void openPhotos() {
    try {
      while (!stopped) {
        room.acquireUninterruptibly();
        BulkPhoto photo = nextPhoto();
        if (photo == null) {
          room.release();
          break;
        }
        begun.incrementAndGet();
        open(photo);
      }
    } catch (Throwable e) {
      stopped = true;
      landed.add(new Landing(null, e));
    } finally {
      landed.add(new Landing(null, null));
    }
  }

  private @Nullable BulkPhoto nextPhoto() {
    synchronized (photos) {
      if (stopped || exhausted) {
        return null;
      }
      if (photos.hasNext()) {
        BulkPhoto photo = photos.next();
        // meanwhile perhaps: the source may have passed over many before it
        return stopped ? null : photo;
      }
      // a source that knows of the stop ends early
      exhausted = !stopped;
      return null;
    }
  }

  private void open(BulkPhoto photo) {
    ShelfPhoto opened;
    try {
      opened = Objects.requireNonNull(photo.content().get(), "content");
    } catch (Throwable e) {
      // whatever it is: other languages throw what Java would have declared
      if (isOfTheMachine(e)) {
        throw e;
      }
      land(photo, new PhotoFailure(PhotoFailure.Kind.UNAVAILABLE, message(e)));
      return;
    }
    // as bulk, which waits for room whatever the recognizer says to others
    var unused =
        recognizer
            .recognizeAsync(opened, ReadOptions.bulk())
            .whenComplete((reading, failure) -> land(photo, reading, failure));
  }

  private void land(BulkPhoto photo, @Nullable ShelfReading reading, @Nullable Throwable thrown) {
    Throwable failure =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (failure != null && isOfTheMachine(failure)) {
      stopped = true;
      landed.add(new Landing(null, failure));
    } else if (failure instanceof UnreadablePhotoException) {
      land(photo, new PhotoFailure(PhotoFailure.Kind.UNREADABLE, message(failure)));
    } else if (failure != null || reading == null) {
      String message = failure == null ? "the recognizer gave no reading" : message(failure);
      land(photo, new PhotoFailure(PhotoFailure.Kind.FAILED, message));
    } else {
      ShelfReading named =
          new ShelfReading(photo.name(), reading.width(), reading.height(), reading.tags());
      landed.add(new Landing(outcome(photo, Optional.of(named), Optional.empty()), null));
    }
  }

  /** Not of one photo alone. */
  private static boolean isOfTheMachine(Throwable failure) {
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }

  private void land(BulkPhoto photo, PhotoFailure failure) {
    landed.add(new Landing(outcome(photo, Optional.empty(), Optional.of(failure)), null));
  }

  private BulkOutcome outcome(
      BulkPhoto photo, Optional<ShelfReading> reading, Optional<PhotoFailure> failure) {
    return new BulkOutcome(
        photo.name(), photo.bytes(), photo.modified(), clock.instant(), readBy, reading, failure);
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return failure instanceof ShelfmarkException && message != null ? message : failure.toString();
  }

  /**
   * Stops, and waits for the threads that open photos to end: the source is not asked any more
   * then. Outcomes of photos that are still being read are dropped.
   */
  @Override
  public void close() {
    stopped = true;
    room.release(openers.size());
    boolean interrupted = false;
    for (Thread opener : openers) {
      while (opener.isAlive()) {
        try {
          opener.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
