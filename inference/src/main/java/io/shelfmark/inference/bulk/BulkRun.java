package io.shelfmark.inference.bulk;

import io.shelfmark.inference.bulk.BulkProgress.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that goes on, on a thread of its own, which does not keep the process alive. Get one from
 * {@link BulkRecognition#start}. Thread-safe; closing it cancels it and waits.
 */
public final class BulkRun implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BulkRun.class);

  /** So many photos in a row that fail without being bad themselves mean that something else is. */
  static final int FAILURES_IN_A_ROW = 100;

  private static final long NEVER = Long.MAX_VALUE;
  private static final Duration LONGEST = Duration.ofNanos(NEVER);

  private final BulkRecognition options;
  private final Source source;
  private final Path file;
  private final CompletableFuture<BulkProgress> end = new CompletableFuture<>();
  private final Thread thread;
  private final long begin;
  private final AtomicLong skipped = new AtomicLong();
  private volatile @Nullable PhotoFlight flight;
  private volatile boolean cancelled;
  private volatile Counts counts = new Counts(OptionalLong.empty(), 0, 0, 0);
  private volatile @Nullable BulkProgress last;

  // of the run's thread
  private int failuresInARow;
  private boolean listenerFailed;

  /** What is counted on the run's thread; replaced as a whole. */
  private record Counts(OptionalLong total, long read, long failed, long tags) {
    Counts with(BulkOutcome outcome) {
      boolean wasRead = outcome.reading().isPresent();
      return new Counts(
          total, read + (wasRead ? 1 : 0), failed + (wasRead ? 0 : 1), tags + outcome.tags());
    }
  }

  /**
   * Where photos come from.
   *
   * @param photos opens them, which end early once the run is stopped; the run closes them
   * @param total counts them, before the first one is asked for; ends early as well
   */
  record Source(
      Function<BooleanSupplier, Stream<BulkPhoto>> photos,
      Function<BooleanSupplier, OptionalLong> total) {}

  BulkRun(BulkRecognition options, Source source, Path file) {
    this.options = options;
    this.source = source;
    this.file = file;
    this.begin = options.nanoTime().getAsLong();
    this.thread = new Thread(this::run, "shelfmark-bulk");
    thread.setDaemon(true);
  }

  /** The same run, begun. */
  BulkRun begin() {
    thread.start();
    return this;
  }

  /** How far it is. */
  public BulkProgress progress() {
    BulkProgress ended = last;
    return ended == null ? progress(State.RUNNING) : ended;
  }

  /**
   * Begins no more photos. Those that are being read come to their end and are put on record. Does
   * not wait for that. A stream of photos that lets the run wait for its next one is waited for.
   */
  public void cancel() {
    cancelled = true;
    PhotoFlight going = flight;
    if (going != null) {
      going.stop();
    }
  }

  /**
   * Waits for the end. An interrupt of the waiting thread cancels the run and waits on; the thread
   * stays interrupted.
   *
   * @return complete or cancelled
   * @throws ResultsException when photos cannot be listed, results not written, or 100 photos in a
   *     row failed without being bad themselves
   * @throws IllegalStateException when the recognizer was closed meanwhile, or a listener calls
   *     this on the run's own thread
   */
  public BulkProgress await() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException(
          "Cannot wait for the end of results %s: found the run's own thread, expected another (a listener may cancel and must not wait)"
              .formatted(file));
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return end.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel();
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException failure) {
            throw failure;
          }
          throw new IllegalStateException("Cannot go on reading photos: " + e.getCause(), e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Cancels the run when it still goes on, and waits for its end; what failed is thrown there. */
  @Override
  public void close() {
    cancel();
    await();
  }

  private void run() {
    try {
      BulkProgress ended = readAll();
      LOG.info(
          "Results {}: {}, {} photos read, {} failed, {} on record already",
          file,
          ended.state(),
          ended.read(),
          ended.failed(),
          ended.skipped());
      end.complete(ended);
    } catch (Throwable e) {
      try {
        over(State.FAILED);
      } finally {
        end.completeExceptionally(e);
      }
    }
  }

  private BulkProgress readAll() throws InterruptedException {
    // first, so that they are closed whatever becomes of the rest
    try (Stream<BulkPhoto> photos = source.photos().apply(this::isStopped);
        ResultsFile results = ResultsFile.open(file, this::isStopped)) {
      counts = new Counts(source.total().apply(this::isStopped), 0, 0, 0);
      try (PhotoFlight going = options.flight(wanted(photos, results))) {
        flight = going;
        if (cancelled) {
          going.stop();
        }
        going.begin();
        drain(going, results);
        boolean complete = going.isExhausted();
        if (complete) {
          results.complete();
        }
        return over(complete ? State.COMPLETE : State.CANCELLED);
      }
    }
  }

  private BulkProgress over(State state) {
    BulkProgress ended = progress(state);
    last = ended;
    report(ended);
    return ended;
  }

  /**
   * Whether nothing more is to be begun. The flight's word counts as soon as there is one: it asks
   * its source first and itself after, so it never takes an early end for the last photo.
   */
  private boolean isStopped() {
    PhotoFlight going = flight;
    return going == null ? cancelled : going.isStopped();
  }

  private Iterator<BulkPhoto> wanted(Stream<BulkPhoto> photos, ResultsFile results) {
    String readBy = options.readBy().orElse("");
    return photos
        .filter(
            photo -> {
              boolean wanted = results.claim(photo, readBy);
              if (!wanted) {
                skipped.incrementAndGet();
              }
              // what is left to skip need not be looked at either; a stopped flight opens nothing
              return wanted || isStopped();
            })
        .iterator();
  }

  private void drain(PhotoFlight going, ResultsFile results) throws InterruptedException {
    // centuries, where the host means never
    long period = options.period().compareTo(LONGEST) < 0 ? options.period().toNanos() : NEVER;
    long reported = options.nanoTime().getAsLong();
    while (!going.isOver()) {
      long left = reported + period - options.nanoTime().getAsLong();
      BulkOutcome outcome = going.poll(period == 0 ? Long.MAX_VALUE : Math.max(0, left));
      if (outcome != null) {
        results.append(outcome);
        counts = counts.with(outcome);
        requireSuccess(outcome);
      }
      boolean due = options.nanoTime().getAsLong() - reported >= period;
      if (due && (outcome != null || period > 0)) {
        reported = options.nanoTime().getAsLong();
        report(progress(State.RUNNING));
      }
    }
  }

  private void requireSuccess(BulkOutcome outcome) {
    PhotoFailure failure = outcome.failure().orElse(null);
    if (failure != null) {
      LOG.debug("Photo {} failed: {}", outcome.file(), failure.message());
    }
    failuresInARow = failure != null && failure.isTriedAgain() ? failuresInARow + 1 : 0;
    if (failure != null && failuresInARow >= FAILURES_IN_A_ROW) {
      throw new ResultsException(
          "Cannot go on with results %s: found %d photos in a row that failed, the last one with: %s (mend that and start again: they will be read then)"
              .formatted(file, failuresInARow, failure.message()));
    }
  }

  private BulkProgress progress(State state) {
    Counts now = counts;
    return new BulkProgress(
        state,
        now.total(),
        skipped.get(),
        now.read(),
        now.failed(),
        now.tags(),
        Duration.ofNanos(options.nanoTime().getAsLong() - begin));
  }

  private void report(BulkProgress progress) {
    try {
      options.listener().progress(progress);
    } catch (RuntimeException e) {
      if (!listenerFailed) {
        listenerFailed = true;
        LOG.warn("A listener to the progress of results {} failed, told once", file, e);
      }
    }
  }
}
