package io.shelfmark.inference.rollout;

import io.shelfmark.inference.Outline;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing that two versions read differently on one photo. Immutable.
 *
 * @param field what they disagree on
 * @param outline the tag in the photo; empty for {@link Field#PHOTO}
 * @param current what the version in use read, as text; empty when it read nothing
 * @param candidate what the candidate read, or why it failed; empty when it read nothing
 */
public record Disagreement(
    Field field, Optional<Outline> outline, Optional<String> current, Optional<String> candidate) {

  /** What versions may disagree on. */
  public enum Field {
    /** The candidate failed on a photo that the current version read. */
    PHOTO,
    /** A tag that only one of them found. */
    TAG,
    /** The main price. */
    PRICE,
    /** The regular price. */
    REGULAR_PRICE,
    /** What the main price depends on. */
    CONDITION,
    /** What the price buys. */
    UNIT,
    /** The printed discount. */
    DISCOUNT,
    /** The product's name. */
    NAME,
    /** The printed code. */
    BARCODE
  }

  /** Refuses null. */
  public Disagreement {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(outline, "outline");
    Objects.requireNonNull(current, "current");
    Objects.requireNonNull(candidate, "candidate");
  }
}
