package io.shelfmark.inference.rollout;

import io.shelfmark.inference.ShelfPhoto;

/**
 * Which version each photo goes to now, and why a change drops none and mixes none:
 *
 * <ol>
 *   <li>A photo takes one version, once, and holds it until it is read ({@link #take}).
 *   <li>What is replaced leaves the traffic first and is let go of then ({@link #move}), so that
 *       whoever finds it in the traffic may still take it as long as somebody holds it.
 *   <li>Whoever comes too late even for that looks again, and finds its successor.
 *   <li>A version is closed when all have let go ({@link ModelVersion#release}): the traffic, the
 *       photos in its queue, those being read, those that wait for the shadow.
 * </ol>
 *
 * <p>Thread-safe. Photos take no lock; changes are made one at a time, by {@link Rollout}.
 */
final class LiveTraffic {

  private final Versions versions;
  private volatile Traffic traffic;
  private volatile boolean closed;

  LiveTraffic(Versions versions, ModelVersion first) {
    this.versions = versions;
    this.traffic = new Traffic(Lane.of(first), null);
  }

  /** The state of now, for looking at; what is to be used has to be taken. */
  Traffic now() {
    return traffic;
  }

  /**
   * Takes a version for a photo, and with it the duty to {@link ModelVersion#release} it.
   *
   * @throws IllegalStateException when the traffic is closed
   */
  Lane take(ShelfPhoto photo) {
    while (true) {
      requireOpen();
      Lane lane = traffic.lane(photo);
      if (lane.version().acquire()) {
        return lane;
      }
    }
  }

  /** Puts another state in place, and lets go of each version that it does not name any more. */
  void move(Traffic next) {
    Traffic before = traffic;
    traffic = next;
    before.versions().filter(each -> !next.names(each)).forEach(versions::retire);
  }

  /** Gives no version to any photo from now on, and lets go of all. */
  void close() {
    closed = true;
    traffic.versions().forEach(versions::retire);
  }

  boolean isClosed() {
    return closed;
  }

  void requireOpen() {
    if (closed) {
      throw closed();
    }
  }

  /** What is said when it is too late. */
  static IllegalStateException closed() {
    return new IllegalStateException("Cannot read photos: the price tag recognizer is closed");
  }
}
