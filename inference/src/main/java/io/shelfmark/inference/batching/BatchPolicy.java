package io.shelfmark.inference.batching;

import java.util.Objects;

/**
 * How a recognizer divides its work: its own threads, and whether runs of several callers are put
 * together, for each of the three networks. {@link #unbatched} is what a CPU does best; a GPU wants
 * {@link #batched}. Immutable.
 *
 * @param threads the recognizer's own threads, at least 1
 * @param photos runs of the tag detector, by photos
 * @param tags runs of the field detector, by tags
 * @param lines runs of the text recognizer, by lines of one width
 */
public record BatchPolicy(int threads, StagePolicy photos, StagePolicy tags, StagePolicy lines) {

  /** Refuses nulls, and less than one thread. */
  public BatchPolicy {
    Objects.requireNonNull(photos, "photos");
    Objects.requireNonNull(tags, "tags");
    Objects.requireNonNull(lines, "lines");
    if (threads < 1) {
      throw new IllegalArgumentException(
          "Cannot set threads: found %d, expected 1 or more".formatted(threads));
    }
  }

  /** As many threads as processors, and each caller's runs by themselves. */
  public static BatchPolicy unbatched() {
    return unbatched(Runtime.getRuntime().availableProcessors());
  }

  /** So many threads, and each caller's runs by themselves. */
  public static BatchPolicy unbatched(int threads) {
    return new BatchPolicy(threads, StagePolicy.alone(), StagePolicy.alone(), StagePolicy.alone());
  }

  /**
   * Runs of what waits when a lane is free, without delay: up to {@code maxPhotos} photos, and
   * eight times as many tags or lines of a width.
   *
   * @param threads the recognizer's own threads: more than processors, since they wait for runs
   * @param lanes runs of a network at once
   */
  public static BatchPolicy batched(int threads, int lanes, int maxPhotos) {
    StagePolicy small = StagePolicy.of(lanes, Math.multiplyExact(8, maxPhotos));
    return new BatchPolicy(threads, StagePolicy.of(lanes, maxPhotos), small, small);
  }

  /** Whether any network's runs are put together. */
  public boolean isBatched() {
    return photos.isBatched() || tags.isBatched() || lines.isBatched();
  }
}
