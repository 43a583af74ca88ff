package io.shelfmark.inference.rollout;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.RecognizerMeters;
import io.shelfmark.inference.ShelfPhoto;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link RollingRecognizer}, each at its default until set. Get one from {@link
 * RollingRecognizer#builder()}. Not thread-safe.
 */
public final class RollingBuilder {

  List<ShelfPhoto> warmUp = List.of();
  int shadowRoom = 16;
  Comparison.Listener listener = comparison -> {};
  Clock clock = Clock.systemUTC();
  @Nullable RecognizerMeters meters;
  ThreadFactory shadowThreads = RollingBuilder::daemon;

  RollingBuilder() {}

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "shelfmark-shadow");
    thread.setDaemon(true);
    return thread;
  }

  /** What is set now: the host may go on with its own for another recognizer. */
  RollingBuilder copy() {
    RollingBuilder copy =
        new RollingBuilder()
            .warmUp(warmUp)
            .shadowQueue(shadowRoom)
            .onDisagreement(listener)
            .clock(clock)
            .shadowThreads(shadowThreads);
    copy.meters = meters;
    return copy;
  }

  /**
   * What a new version reads before it takes traffic; a version that fails on one of them is
   * refused. None by default: then it reads the photo that the version in use read last, if there
   * is one.
   */
  public RollingBuilder warmUp(List<ShelfPhoto> photos) {
    warmUp = List.copyOf(photos);
    return this;
  }

  /**
   * How many photos wait at most for a shadow reading; 16 by default. Each is kept in memory as its
   * file is.
   */
  public RollingBuilder shadowQueue(int photos) {
    if (photos < 1) {
      throw new IllegalArgumentException(
          "Cannot set shadow queue: found %d photos, expected 1 or more".formatted(photos));
    }
    shadowRoom = photos;
    return this;
  }

  /** Who is told of photos that versions read differently; nobody by default. */
  public RollingBuilder onDisagreement(Comparison.Listener value) {
    listener = Objects.requireNonNull(value, "value");
    return this;
  }

  /** The time that disagreements are given; the system's by default. */
  public RollingBuilder clock(Clock value) {
    clock = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Where roles, shares and figures of the versions are shown as {@code shelfmark.rollout.*}, until
   * the recognizer is closed; nowhere by default. The recognizers of the versions are given their
   * meters by {@link io.shelfmark.inference.RecognizerBuilder#meters}.
   */
  public RollingBuilder meters(RecognizerMeters value) {
    meters = Objects.requireNonNull(value, "value");
    return this;
  }

  /** What makes the threads that shadows read on. */
  RollingBuilder shadowThreads(ThreadFactory value) {
    shadowThreads = value;
    return this;
  }

  /**
   * Opens the first version.
   *
   * @param version what reports and messages call it
   * @param models opens it, such as {@code PriceTagRecognizer.builder()::build}
   * @throws io.shelfmark.inference.ModelException when it does not open or cannot read the photos
   *     of {@link #warmUp}
   */
  public RollingRecognizer open(String version, Supplier<? extends PriceTagRecognizer> models) {
    return new RollingRecognizer(this, version, models);
  }
}
