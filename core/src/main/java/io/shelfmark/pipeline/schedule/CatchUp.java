package io.shelfmark.pipeline.schedule;

/**
 * What becomes of instants that passed while nobody watched. Immutable and thread-safe.
 *
 * <p>Those that do not fire leave one record together, of the last of them: it tells how many they
 * were.
 */
public final class CatchUp {

  private final int limit;
  private final boolean late;

  private CatchUp(int limit, boolean late) {
    this.limit = limit;
    this.late = late;
  }

  /** None fires that passed more than a minute ago. */
  public static CatchUp skip() {
    return new CatchUp(1, false);
  }

  /** The last one fires, however long ago it was. The default. */
  public static CatchUp latest() {
    return new CatchUp(1, true);
  }

  /**
   * All fire, the oldest first; of more than the limit the last ones.
   *
   * @throws IllegalArgumentException when the limit is below 1
   */
  public static CatchUp all(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException(
          "Cannot catch up with %d instants: expected 1 or more, or CatchUp.skip()"
              .formatted(limit));
    }
    return new CatchUp(limit, true);
  }

  /** How many fire. */
  int limit() {
    return limit;
  }

  /** Whether they fire however long ago they were. */
  boolean late() {
    return late;
  }

  @Override
  public String toString() {
    return late ? "the last %d".formatted(limit) : "none";
  }
}
