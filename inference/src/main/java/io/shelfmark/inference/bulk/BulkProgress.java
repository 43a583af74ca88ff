package io.shelfmark.inference.bulk;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a run is. Immutable.
 *
 * @param state whether it goes on
 * @param total all photos of the run, those already on record among them; empty for a stream, of
 *     which nobody knows
 * @param skipped photos that were on record already
 * @param read photos that were read
 * @param failed photos that could not be read
 * @param tags price tags on the photos that were read
 * @param elapsed time since the run began
 */
public record BulkProgress(
    State state,
    OptionalLong total,
    long skipped,
    long read,
    long failed,
    long tags,
    Duration elapsed) {

  /** Whether a run goes on. */
  public enum State {
    /** It goes on. */
    RUNNING,
    /** Every photo is on record. */
    COMPLETE,
    /** It was cancelled before the last photo; started again it goes on. */
    CANCELLED,
    /** It failed, which {@link BulkRun#await} throws; started again it goes on. */
    FAILED
  }

  /**
   * Told how far a run is; called on the run's thread, which waits meanwhile. It may cancel the run
   * and must not wait for its end.
   */
  @FunctionalInterface
  public interface Listener {
    /** The state now; the first exception is logged, and the run goes on. */
    void progress(BulkProgress progress);
  }

  /** Refuses null. */
  public BulkProgress {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(total, "total");
    Objects.requireNonNull(elapsed, "elapsed");
  }

  /** Photos that are done with: skipped, read or failed. */
  public long done() {
    return skipped + read + failed;
  }

  /** Photos read or failed for each second since the run began; 0 in its first moment. */
  public double photosPerSecond() {
    double seconds = elapsed.toNanos() / 1e9;
    return seconds > 0 ? (read + failed) / seconds : 0;
  }

  /** The time that is left at the rate so far; empty when the total or the rate is not known. */
  public Optional<Duration> remaining() {
    double rate = photosPerSecond();
    if (total.isEmpty() || rate == 0) {
      return Optional.empty();
    }
    double seconds = Math.max(0, total.getAsLong() - done()) / rate;
    return Optional.of(Duration.ofMillis(Math.round(seconds * 1e3)));
  }
}
