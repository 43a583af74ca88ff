package io.shelfmark.tracking.internal.mlflow.server;

/**
 * How much a request may bring.
 *
 * @param body most bytes of a JSON body
 * @param upload most bytes of an artifact that is uploaded
 */
public record Limits(long body, long upload) {

  /**
   * @throws IllegalArgumentException when one is less than 1, or that of bodies beyond 1 GiB
   */
  public Limits {
    if (body < 1 || body > 1L << 30 || upload < 1) {
      throw new IllegalArgumentException(
          "Cannot limit bodies to %d and uploads to %d bytes: expected 1 byte or more, for bodies at most 1 GiB"
              .formatted(body, upload));
    }
  }
}
