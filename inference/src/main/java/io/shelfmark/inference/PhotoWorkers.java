package io.shelfmark.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A recognizer's own threads and the room before them: so many photos are being read or wait, and
 * whoever hands in one more waits until one is done, which is what bounds memory. The threads
 * themselves never wait for room, since only they can make some: a callback may hand in more
 * photos.
 *
 * <p>Thread-safe. After {@link #shutdown} nothing is taken; what was taken before is still handed
 * to the reader, so every future completes.
 */
final class PhotoWorkers {

  /** Photos that wait for each thread. */
  static final int QUEUED = 4;

  private final Function<ShelfPhoto, ShelfReading> reader;
  private final Semaphore room;
  private final ThreadPoolExecutor threads;

  PhotoWorkers(int count, Function<ShelfPhoto, ShelfReading> reader) {
    this.reader = reader;
    this.room = new Semaphore((1 + QUEUED) * count, /* fair= */ true);
    this.threads =
        new ThreadPoolExecutor(
            count, count, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), Worker::new);
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Has {@code photo} read, after waiting for room. A caller that is interrupted meanwhile gets a
   * failed future.
   *
   * @throws IllegalStateException after {@link #shutdown}
   */
  CompletableFuture<ShelfReading> submit(ShelfPhoto photo) {
    boolean waits = !isWorker();
    if (waits) {
      try {
        room.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return CompletableFuture.failedFuture(interrupted(photo, e));
      }
    }
    CompletableFuture<ShelfReading> reading = new CompletableFuture<>();
    try {
      threads.execute(() -> read(photo, reading, waits));
    } catch (RejectedExecutionException e) {
      room.release(waits ? 1 : 0);
      throw closed();
    }
    return reading;
  }

  /** Has all photos read and waits for them; one outcome each, in their order. */
  List<PhotoOutcome> readAll(List<ShelfPhoto> photos) {
    List<CompletableFuture<ShelfReading>> pending = new ArrayList<>();
    for (ShelfPhoto photo : photos) {
      pending.add(isWorker() ? readHere(photo) : submitOrFail(photo));
    }
    List<PhotoOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < photos.size(); i++) {
      outcomes.add(outcome(photos.get(i), pending.get(i)));
    }
    return outcomes;
  }

  /** Takes no more photos. */
  void shutdown() {
    threads.shutdown();
  }

  /** What a closed recognizer says. */
  static IllegalStateException closed() {
    return new IllegalStateException("Cannot read photos: the price tag recognizer is closed");
  }

  /**
   * Room is given back before the future completes, so that callbacks do not hold it, and whether
   * or not the host has cancelled the future meanwhile. Errors complete it too: a future that never
   * completes hangs its host.
   */
  private void read(ShelfPhoto photo, CompletableFuture<ShelfReading> reading, boolean holdsRoom) {
    @Nullable ShelfReading value = null;
    @Nullable Throwable failure = null;
    try {
      value = reading.isDone() ? null : reader.apply(photo);
    } catch (Throwable e) {
      failure = e;
    }
    room.release(holdsRoom ? 1 : 0);
    if (failure != null) {
      reading.completeExceptionally(failure);
    } else if (value != null) {
      reading.complete(value);
    }
  }

  private CompletableFuture<ShelfReading> readHere(ShelfPhoto photo) {
    CompletableFuture<ShelfReading> reading = new CompletableFuture<>();
    read(photo, reading, /* holdsRoom= */ false);
    return reading;
  }

  /** Closing in the middle of a call fails the photos that are left. */
  private CompletableFuture<ShelfReading> submitOrFail(ShelfPhoto photo) {
    try {
      return submit(photo);
    } catch (IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static PhotoOutcome outcome(ShelfPhoto photo, CompletableFuture<ShelfReading> pending) {
    try {
      return new PhotoOutcome(photo, Optional.of(pending.get()), Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new PhotoOutcome(photo, Optional.empty(), Optional.of(interrupted(photo, e)));
    } catch (ExecutionException e) {
      RuntimeException failure =
          e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(
                  "Cannot read photo " + photo + ": " + e.getCause(), e.getCause());
      return new PhotoOutcome(photo, Optional.empty(), Optional.of(failure));
    }
  }

  private static IllegalStateException interrupted(ShelfPhoto photo, InterruptedException cause) {
    return new IllegalStateException(
        "Cannot read photo " + photo + ": the caller was interrupted", cause);
  }

  private boolean isWorker() {
    return Thread.currentThread() instanceof Worker worker && worker.worksFor(this);
  }

  private final class Worker extends Thread {
    Worker(Runnable task) {
      super(task, "shelfmark-recognizer");
      setDaemon(true);
    }

    boolean worksFor(PhotoWorkers workers) {
      return PhotoWorkers.this == workers;
    }
  }
}
