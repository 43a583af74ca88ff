package io.shelfmark.inference.rollout;

import io.shelfmark.inference.PhotoOutcome;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.rollout.Traffic.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Reads photos, each with the version that it takes at its beginning and lets go of at its end.
 * Thread-safe.
 */
final class VersionReader {

  private final LiveTraffic traffic;
  private final WarmUp warmUp;
  private final Callbacks callbacks = new Callbacks();

  VersionReader(LiveTraffic traffic, WarmUp warmUp) {
    this.traffic = traffic;
    this.warmUp = warmUp;
  }

  ShelfReading read(ShelfPhoto photo, ReadOptions how) {
    Lane lane = traffic.take(photo);
    try {
      return read(lane, photo, how);
    } finally {
      lane.version().release();
    }
  }

  VersionedReading readVersioned(ShelfPhoto photo, ReadOptions how) {
    Lane lane = traffic.take(photo);
    try {
      return new VersionedReading(lane.version().name(), read(lane, photo, how));
    } finally {
      lane.version().release();
    }
  }

  private ShelfReading read(Lane lane, ShelfPhoto photo, ReadOptions how) {
    long start = System.nanoTime();
    ShelfReading reading;
    try {
      reading = lane.version().recognizer().recognize(photo, how);
    } catch (RuntimeException | Error e) {
      lane.meter().failed();
      throw e;
    }
    read(lane, photo, reading, System.nanoTime() - start);
    return reading;
  }

  /** Counts a reading, and has the candidate read the photo too if it is of its share. */
  void read(Lane lane, ShelfPhoto photo, ShelfReading reading, long nanos) {
    lane.meter().read(reading, nanos);
    warmUp.seen(photo);
    Traffic now = traffic.now();
    Trial trial = now.trial();
    if (trial != null && now.current().equals(lane)) {
      trial.shadow().offer(photo, reading, lane.version().name());
    }
  }

  /** Hands a photo in; what is pending lets go of the version when the photo is read. */
  CompletableFuture<ShelfReading> handIn(ShelfPhoto photo, ReadOptions how) {
    PendingReading pending = new PendingReading(this, traffic.take(photo), photo, how);
    callbacks.handIn(pending);
    return pending;
  }

  List<PhotoOutcome> readAll(List<ShelfPhoto> photos) {
    traffic.requireOpen();
    List<CompletableFuture<ShelfReading>> pending = new ArrayList<>();
    for (ShelfPhoto photo : photos) {
      pending.add(Outcomes.attempt(this::readInBulk, photo));
    }
    return Outcomes.await(photos, pending);
  }

  /**
   * Hands a photo in, or reads it on the calling thread where that is a callback's, which no other
   * thread may wait for, and where the models refuse it for lack of room: the caller waits anyhow.
   */
  private CompletableFuture<ShelfReading> readInBulk(ShelfPhoto photo) {
    if (!callbacks.running()) {
      CompletableFuture<ShelfReading> pending = handIn(photo, ReadOptions.bulk());
      if (!Outcomes.refused(pending)) {
        return pending;
      }
    }
    return CompletableFuture.completedFuture(read(photo, ReadOptions.interactive()));
  }

  /** Runs what completes a future: the callbacks that hang on it are in it. */
  void inCallback(Runnable completion) {
    callbacks.during(completion);
  }

  /** Whether the calling thread is in a callback, which photos may need to be read. */
  boolean isInCallback() {
    return callbacks.running();
  }

  /** Takes no more photos of callbacks; those that wait are handed in. */
  void close() {
    callbacks.close();
  }
}
