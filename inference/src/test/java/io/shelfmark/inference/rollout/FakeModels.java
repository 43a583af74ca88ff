package io.shelfmark.inference.rollout;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.EngineInUse;
import io.shelfmark.inference.ExecutionProvider;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.OverloadException;
import io.shelfmark.inference.PhotoOutcome;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.UnreadablePhotoException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A recognizer that says by the width of its readings which version it is, and remembers what a
 * real one would crash on: a photo that is read while it is closed, a second close.
 */
final class FakeModels implements PriceTagRecognizer {

  private final int version;
  private final AtomicInteger reading = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ExecutorService threads;
  private volatile Function<ShelfPhoto, List<PriceTag>> answer = photo -> List.of();

  /** The options of each photo that came with some. */
  final Queue<ReadOptions> asked = new ConcurrentLinkedQueue<>();

  /** Done when a photo is handed in for its threads, before there is room; may block or throw. */
  volatile Consumer<ReadOptions> atHandIn = how -> {};

  /** Whether it refuses photos for its threads. */
  volatile boolean full;

  final AtomicInteger read = new AtomicInteger();
  final AtomicInteger crashes = new AtomicInteger();
  final CountDownLatch whenClosed = new CountDownLatch(1);

  FakeModels(int version) {
    this.version = version;
    this.threads =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "fake-" + version);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What it reads; may block or throw. */
  FakeModels answering(Function<ShelfPhoto, List<PriceTag>> value) {
    answer = value;
    return this;
  }

  static ShelfPhoto photo(String name) {
    return ShelfPhoto.of(name, name.getBytes(StandardCharsets.UTF_8));
  }

  static PriceTag tag(double left, long kopecks) {
    return tag(new Box(left, 0, left + 100, 50), kopecks);
  }

  static PriceTag tag(Box box, long kopecks) {
    return PriceTag.builder(new Detection(Outline.of(box), 0.9))
        .price(new Recognized<>(new Price(kopecks, Currency.getInstance("RUB")), 0.9))
        .build();
  }

  static List<PriceTag> unreadable(ShelfPhoto photo) {
    throw new UnreadablePhotoException("Cannot read photo " + photo + ": found no picture");
  }

  boolean isClosed() {
    return closed.get();
  }

  @Override
  public ShelfReading recognize(ShelfPhoto photo) {
    reading.incrementAndGet();
    try {
      crashIf(closed.get());
      List<PriceTag> tags = answer.apply(photo);
      read.incrementAndGet();
      return new ShelfReading(photo.name(), version, version, tags);
    } finally {
      crashIf(closed.get());
      reading.decrementAndGet();
    }
  }

  @Override
  public ShelfReading recognize(ShelfPhoto photo, ReadOptions how) {
    asked.add(how);
    return recognize(photo);
  }

  @Override
  public CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo, ReadOptions how) {
    asked.add(how);
    atHandIn.accept(how);
    if (full) {
      return CompletableFuture.failedFuture(new OverloadException("read photo " + photo, 1, 1));
    }
    CompletableFuture<ShelfReading> future = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            if (future.isDone()) {
              return;
            }
            try {
              future.complete(recognize(photo));
            } catch (RuntimeException | Error e) {
              future.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      crashes.incrementAndGet();
      throw new IllegalStateException("closed", e);
    }
    return future;
  }

  @Override
  public List<PhotoOutcome> recognizeAll(Collection<ShelfPhoto> photos) {
    throw new UnsupportedOperationException("the rolling recognizer reads photo by photo");
  }

  @Override
  public EngineInUse engine() {
    return EngineInUse.of(ExecutionProvider.CPU);
  }

  @Override
  public void close() {
    crashIf(!closed.compareAndSet(false, true));
    crashIf(reading.get() > 0);
    threads.shutdown();
    whenClosed.countDown();
  }

  private void crashIf(boolean wrong) {
    if (wrong) {
      crashes.incrementAndGet();
    }
  }
}
