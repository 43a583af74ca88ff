package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.storage.DirectUploads;
import java.time.Duration;
import java.util.Optional;

/**
 * How much a request may bring, and for how long what is handed out holds.
 *
 * @param body most bytes of a JSON body
 * @param upload most bytes of an artifact that is uploaded
 * @param addresses how long addresses of direct uploads are good for; nothing where these are not
 *     offered
 */
public record Limits(long body, long upload, Optional<Duration> addresses) {

  /**
   * @throws IllegalArgumentException when one is less than 1, or that of bodies beyond 1 GiB, or
   *     the time is less than a second or beyond what a store can sign
   */
  public Limits {
    addresses.ifPresent(Limits::requireSignable);
    if (body < 1 || body > 1L << 30 || upload < 1) {
      throw new IllegalArgumentException(
          "Cannot limit bodies to %d and uploads to %d bytes: expected 1 byte or more, for bodies at most 1 GiB"
              .formatted(body, upload));
    }
  }

  private static void requireSignable(Duration time) {
    if (time.compareTo(Duration.ofSeconds(1)) < 0
        || time.compareTo(DirectUploads.LONGEST_VALIDITY) > 0) {
      throw new IllegalArgumentException(
          "Cannot hand out addresses good for %s: expected 1 second to %s"
              .formatted(time, DirectUploads.LONGEST_VALIDITY));
    }
  }
}
