package io.shelfmark.inference;

import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.model.OnnxModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The engine's runs of one shelf of eight tags with three lines each, on zeros: a network's time
 * follows from its shapes. All threads read the same input. For one thread at a time.
 */
final class ShelfRuns implements Tuner.Bench {

  private static final long[] TAGS = {8, 1, 192, 320};
  private static final List<long[]> LINES =
      List.of(
          new long[] {4, 1, 32, 64},
          new long[] {8, 1, 32, 160},
          new long[] {8, 1, 32, 320},
          new long[] {4, 1, 32, 448});

  private final List<OnnxModel> models;
  private final long[] photo;
  private final ByteBuffer zeros =
      ByteBuffer.allocateDirect(Scratch.SIZE).order(ByteOrder.nativeOrder());

  /** Runs on a recognizer's models, which stay its own. */
  ShelfRuns(List<OnnxModel> models, PixelFormat format) {
    this.models = models;
    this.photo = new long[] {1, format.planes(), 640, 512};
  }

  /** Has all threads of the policy at work for about so long: what is begun is finished. */
  @Override
  public TuningTrial.Run run(BatchPolicy policy, Duration time) {
    models.get(0).batch(policy.photos());
    models.get(1).batch(policy.tags());
    models.get(2).batch(policy.lines());
    long begin = System.nanoTime();
    List<Long> nanos = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(policy.threads(), ShelfRuns::thread);
    try {
      Callable<List<Long>> task = () -> runPhotos(begin + time.toNanos());
      for (Future<List<Long>> done :
          threads.invokeAll(Collections.nCopies(policy.threads(), task))) {
        nanos.addAll(done.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot tune batching: the caller was interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } finally {
      // whoever closes the models next must find nobody in a run
      threads.shutdownNow();
      awaitEnd(threads);
    }
    return new TuningTrial.Run(nanos, System.nanoTime() - begin);
  }

  private List<Long> runPhotos(long end) {
    List<Long> times = new ArrayList<>();
    long now = System.nanoTime();
    do {
      runPhoto();
      long then = System.nanoTime();
      times.add(then - now);
      now = then;
    } while (end - now > 0 && !Thread.currentThread().isInterrupted());
    return times;
  }

  /** Waits until what was begun is finished, about a photo, even when interrupted. */
  private static void awaitEnd(ExecutorService threads) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "shelfmark-tuning");
    thread.setDaemon(true);
    return thread;
  }

  private void runPhoto() {
    models.get(0).run(zeros, photo).close();
    models.get(1).run(zeros, TAGS).close();
    for (long[] shape : LINES) {
      models.get(2).run(zeros, shape).close();
    }
  }
}
