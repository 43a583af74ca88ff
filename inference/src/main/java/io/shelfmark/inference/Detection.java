package io.shelfmark.inference;

import java.util.Objects;

/**
 * Where a price tag is and how sure the detector is that it is one. Immutable.
 *
 * @param outline the four corners, in pixels of the upright photo
 * @param confidence the detector's score, 0 to 1
 */
public record Detection(Outline outline, double confidence) {

  /** Refuses null. */
  public Detection {
    Objects.requireNonNull(outline, "outline");
  }

  /** The smallest upright rectangle around the outline. */
  public Box box() {
    return outline.box();
  }
}
