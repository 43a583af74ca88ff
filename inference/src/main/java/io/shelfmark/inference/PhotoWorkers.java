package io.shelfmark.inference;

import io.shelfmark.inference.batching.BatchLimits;
import io.shelfmark.inference.batching.BatchStage;
import io.shelfmark.inference.batching.Batcher;
import io.shelfmark.inference.batching.Deadline;
import io.shelfmark.inference.batching.Request;
import io.shelfmark.inference.batching.WhenFull;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A recognizer's own threads and the queue before them: a {@link Batcher} of single photos, one
 * lane a thread. The threads themselves never wait for room, since only they can make some: a
 * callback may hand in more photos.
 *
 * <p>Thread-safe. After {@link #close} nothing is taken; what was taken before is read.
 */
final class PhotoWorkers {

  private final WhenFull whenFull;
  private final Stage stage;
  private final Batcher<Job, ShelfReading> batcher;
  private final IntSupplier waiting;

  private final @Nullable StageObserver observer;

  /** A photo, and when it came; 0 where nobody observes. */
  private record Job(ShelfPhoto photo, Request request, long nanos) {}

  private record Stage(
      BiFunction<ShelfPhoto, Request, ShelfReading> reader, @Nullable StageObserver observer)
      implements BatchStage<Job, ShelfReading> {

    @Override
    public List<ShelfReading> run(List<Job> jobs) {
      Job job = jobs.get(0);
      if (observer != null) {
        observer.waited(System.nanoTime() - job.nanos());
      }
      return List.of(job.request().during(() -> reader.apply(job.photo(), job.request())));
    }

    @Override
    public String name() {
      return "recognizer";
    }

    @Override
    public String describe(Job job) {
      return "read photo " + job.photo();
    }

    @Override
    public IllegalStateException closed() {
      return PhotoWorkers.closed();
    }
  }

  /**
   * Workers on so many lanes.
   *
   * @param limits batches of one
   * @param reader reads a photo, and stops between stages when the deadline has passed
   * @param observer is told of the queue
   */
  PhotoWorkers(
      BatchLimits limits,
      BiFunction<ShelfPhoto, Request, ShelfReading> reader,
      @Nullable StageObserver observer) {
    this.whenFull = limits.whenFull();
    this.observer = observer;
    this.stage = new Stage(reader, observer);
    this.batcher = new Batcher<>(limits, stage);
    this.waiting = batcher::waiting;
    if (observer != null) {
      observer.opened(waiting);
    }
  }

  private Job job(ShelfPhoto photo, Request request) {
    return new Job(photo, request, observer == null ? 0 : System.nanoTime());
  }

  /**
   * Has {@code photo} read, after waiting for room where the limits say so, and always where it is
   * bulk. A caller that is interrupted meanwhile gets a failed future.
   *
   * @throws IllegalStateException after {@link #close}
   */
  CompletableFuture<ShelfReading> submit(ShelfPhoto photo, ReadOptions options) {
    Request request = request(options);
    try {
      return watched(batcher.submit(job(photo, request), request, whenFull(request)));
    } catch (InterruptedException e) {
      return failed(photo, e);
    }
  }

  /**
   * Has {@code photo} read and waits for it, no longer than its deadline. One of the threads itself
   * reads it on the spot.
   *
   * @throws IllegalStateException after {@link #close}, and when the caller is interrupted
   */
  ShelfReading read(ShelfPhoto photo, ReadOptions options) {
    Job job = job(photo, request(options));
    if (batcher.isHere()) {
      return readHere(job);
    }
    try {
      return batcher.call(job, job.request(), whenFull(job.request()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(photo, e);
    } catch (RuntimeException e) {
      if (observer != null) {
        observer.refused(e);
      }
      throw e;
    } catch (Exception e) {
      throw unexpected(photo, e);
    }
  }

  /** The same future; of one that is given up the observer is told. */
  private CompletableFuture<ShelfReading> watched(CompletableFuture<ShelfReading> reading) {
    StageObserver told = observer;
    if (told != null) {
      var unused =
          reading.whenComplete(
              (value, failure) -> {
                if (failure != null) {
                  told.refused(failure);
                }
              });
    }
    return reading;
  }

  /**
   * Has all photos read as bulk and waits for them; one outcome each, in their order. It waits for
   * room whatever the limits say, since its caller waits anyhow.
   */
  List<PhotoOutcome> readAll(List<ShelfPhoto> photos) {
    Request request = new Request(new Object(), Priority.BULK, Deadline.never());
    List<CompletableFuture<ShelfReading>> pending = new ArrayList<>();
    for (ShelfPhoto photo : photos) {
      pending.add(submitOrFail(job(photo, request)));
    }
    List<PhotoOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < photos.size(); i++) {
      outcomes.add(outcome(photos.get(i), pending.get(i)));
    }
    return outcomes;
  }

  /** Takes no more photos, and returns when those taken are read. */
  void close() {
    batcher.close();
    if (observer != null) {
      observer.closed(waiting);
    }
  }

  /** What a closed recognizer says. */
  static IllegalStateException closed() {
    return new IllegalStateException("Cannot read photos: the price tag recognizer is closed");
  }

  private static Request request(ReadOptions options) {
    Object caller = options.caller().isPresent() ? options.caller().get() : Thread.currentThread();
    return new Request(caller, options.priority(), Deadline.in(options.deadline()));
  }

  private WhenFull whenFull(Request request) {
    return request.priority() == Priority.BULK ? WhenFull.WAIT : whenFull;
  }

  private ShelfReading readHere(Job job) {
    return stage.run(List.of(job)).get(0);
  }

  /** Closing in the middle of a call fails the photos that are left. */
  private CompletableFuture<ShelfReading> submitOrFail(Job job) {
    try {
      return batcher.isHere()
          ? CompletableFuture.completedFuture(readHere(job))
          : watched(batcher.submit(job, job.request(), whenFull(job.request())));
    } catch (InterruptedException e) {
      return failed(job.photo(), e);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static PhotoOutcome outcome(ShelfPhoto photo, CompletableFuture<ShelfReading> pending) {
    try {
      return new PhotoOutcome(photo, Optional.of(pending.get()), Optional.empty());
    } catch (InterruptedException e) {
      pending.cancel(false);
      Thread.currentThread().interrupt();
      return new PhotoOutcome(photo, Optional.empty(), Optional.of(interrupted(photo, e)));
    } catch (ExecutionException e) {
      RuntimeException failure =
          e.getCause() instanceof RuntimeException cause ? cause : unexpected(photo, e.getCause());
      return new PhotoOutcome(photo, Optional.empty(), Optional.of(failure));
    }
  }

  private static IllegalStateException unexpected(ShelfPhoto photo, @Nullable Throwable cause) {
    return new IllegalStateException("Cannot read photo " + photo + ": " + cause, cause);
  }

  private static CompletableFuture<ShelfReading> failed(
      ShelfPhoto photo, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return CompletableFuture.failedFuture(interrupted(photo, cause));
  }

  private static IllegalStateException interrupted(ShelfPhoto photo, InterruptedException cause) {
    return new IllegalStateException(
        "Cannot read photo " + photo + ": the caller was interrupted", cause);
  }
}
