package io.shelfmark.inference.evaluation;

/** How well a person could read a field in the photo. */
public enum Legibility {
  /** Read at once. */
  GOOD,
  /** Read with some effort. */
  FAIR,
  /** Guessed or unreadable: good for detection, never scored as text. */
  HARD
}
