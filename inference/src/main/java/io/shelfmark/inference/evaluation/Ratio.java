package io.shelfmark.inference.evaluation;

/**
 * So many right of so many. Immutable.
 *
 * @param right how many are right
 * @param of how many there are
 */
public record Ratio(long right, long of) {

  private static final double Z = 1.959963984540054;

  /** Refuses more right than there are. */
  public Ratio {
    if (right < 0 || right > of) {
      throw new IllegalArgumentException(
          "Cannot make ratio: found %d of %d, expected 0 to %d".formatted(right, of, of));
    }
  }

  /** The share, 0 to 1; NaN of nothing. */
  public double rate() {
    return of == 0 ? Double.NaN : (double) right / of;
  }

  /** Lower end of the 95 % interval by Wilson; NaN of nothing. */
  public double low() {
    return of == 0 ? Double.NaN : Math.max(0, center() - spread());
  }

  /** Upper end of the 95 % interval by Wilson; NaN of nothing. */
  public double high() {
    return of == 0 ? Double.NaN : Math.min(1, center() + spread());
  }

  private double center() {
    return (rate() + Z * Z / (2 * of)) / (1 + Z * Z / of);
  }

  private double spread() {
    double rate = rate();
    return Z / (1 + Z * Z / of) * Math.sqrt(rate * (1 - rate) / of + Z * Z / (4.0 * of * of));
  }
}
