package io.shelfmark.inference.rollout;

import static io.shelfmark.inference.rollout.FakeModels.photo;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.PhotoOutcome;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Swaps, trials and promotions as fast as they go, under load from eight threads. */
@Timeout(120)
class SwapStressTest {

  private static final int THREADS = 8;
  private static final int SWAPS = 400;
  private static final int ROUNDS = 50;

  private final Queue<FakeModels> opened = new ConcurrentLinkedQueue<>();
  private final AtomicInteger versions = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private final Semaphore photosRead = new Semaphore(0);
  private volatile boolean done;

  private FakeModels open() {
    FakeModels models = new FakeModels(versions.incrementAndGet());
    opened.add(models);
    return models;
  }

  @Test
  void recognize_swapsAllTheTime_neverDropsMixesOrReadsWithClosedModels() throws Exception {
    List<Integer> seen = new ArrayList<>();
    ExecutorService hosts = Executors.newFixedThreadPool(THREADS);
    RollingRecognizer recognizer = RollingRecognizer.open("v1", this::open);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS + 1);
      List<Future<List<Integer>>> loads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int kind = i % 3;
        loads.add(
            hosts.submit(
                () -> {
                  start.await(30, SECONDS);
                  return load(recognizer, kind);
                }));
      }
      start.await(30, SECONDS);
      for (int i = 2; i < SWAPS; i++) {
        change(recognizer, i);
        assertThat(photosRead.tryAcquire(THREADS, 30, SECONDS)).isTrue();
      }
      done = true;
      for (Future<List<Integer>> load : loads) {
        seen.addAll(load.get(60, SECONDS));
      }
    } finally {
      done = true;
      recognizer.close();
      hosts.shutdownNow();
    }
    assertThat(seen).hasSize(asked.get());
    assertThat(opened).allMatch(FakeModels::isClosed);
    assertThat(opened).extracting(each -> each.crashes.get()).containsOnly(0);
    assertThat(opened.stream().mapToInt(each -> each.read.get()).sum())
        .as("photos and warm-up readings")
        .isBetween(seen.size(), seen.size() + 2 * SWAPS);
    assertThat(seen.stream().distinct().count()).isGreaterThan(SWAPS / 10);
  }

  @Test
  void close_amidPhotosSwapsAndTrials_closesEveryVersionOnceAndReadsWhatItTook() throws Exception {
    ExecutorService hosts = Executors.newFixedThreadPool(6);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        RollingRecognizer recognizer = RollingRecognizer.open("v0", this::open);
        CyclicBarrier start = new CyclicBarrier(7);
        List<Future<Integer>> loads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          int kind = i;
          loads.add(
              hosts.submit(
                  () -> {
                    start.await(30, SECONDS);
                    return kind < 4 ? readUntilClosed(recognizer, kind) : changed(recognizer, kind);
                  }));
        }
        start.await(30, SECONDS);
        assertThat(photosRead.tryAcquire(40, 30, SECONDS)).isTrue();
        recognizer.close();

        assertThat(opened).allMatch(FakeModels::isClosed);
        assertThat(recognizer.report().draining()).isZero();
        for (Future<Integer> load : loads) {
          load.get(30, SECONDS);
        }
        assertThat(opened).extracting(each -> each.crashes.get()).containsOnly(0);
        opened.clear();
      }
    } finally {
      hosts.shutdownNow();
    }
  }

  /** Every photo that is taken is read; the first that is not tells that it is closed. */
  private int readUntilClosed(RollingRecognizer recognizer, int kind) throws Exception {
    for (int i = 0; ; i++) {
      CompletableFuture<ShelfReading> pending;
      try {
        ShelfPhoto photo = photo("p" + i);
        pending =
            kind % 2 == 0
                ? CompletableFuture.completedFuture(recognizer.recognize(photo))
                : recognizer.recognizeAsync(photo);
      } catch (IllegalStateException closed) {
        return i;
      }
      assertThat(version(pending.get(30, SECONDS))).isPositive();
      photosRead.release();
    }
  }

  private int changed(RollingRecognizer recognizer, int kind) {
    for (int i = 1; ; i++) {
      try {
        if (kind == 4) {
          recognizer.swap("v" + i, this::open);
        } else {
          recognizer.tryOut("candidate " + i, this::open);
          recognizer.shadow(100);
          recognizer.canary(50);
          recognizer.rollBack();
        }
      } catch (IllegalStateException closed) {
        return i;
      }
    }
  }

  /** Every third version comes by a trial. */
  private void change(RollingRecognizer recognizer, int i) {
    if (i % 3 == 0) {
      recognizer.tryOut("v" + i, this::open);
      recognizer.canary(50);
      recognizer.promote();
    } else {
      recognizer.swap("v" + i, this::open);
    }
  }

  /** The version of each photo; the same in all of a reading, or -1. */
  private List<Integer> load(RollingRecognizer recognizer, int kind) throws Exception {
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; !done; i++) {
      photosRead.release();
      ShelfPhoto photo = photo("p" + i);
      switch (kind) {
        case 0 -> {
          asked.incrementAndGet();
          seen.add(version(recognizer.recognize(photo)));
        }
        case 1 -> {
          asked.incrementAndGet();
          seen.add(version(recognizer.recognizeAsync(photo).get(30, SECONDS)));
        }
        default -> {
          asked.addAndGet(3);
          for (PhotoOutcome each : recognizer.recognizeAll(List.of(photo, photo, photo))) {
            seen.add(version(each.reading().orElseThrow()));
          }
        }
      }
    }
    return seen;
  }

  private static int version(ShelfReading reading) {
    return reading.width() == reading.height() ? reading.width() : -1;
  }
}
