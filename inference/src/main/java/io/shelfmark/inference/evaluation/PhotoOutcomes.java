package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.PriceTag;
import java.util.List;
import java.util.Optional;

/**
 * What became of one photo of an evaluation. Immutable.
 *
 * @param photo the photo and its labels
 * @param tags one outcome per label that is scored or hard
 * @param unmatched tags that match no label and lie on nothing that is ignored
 * @param millis wall time of reading it, in milliseconds
 * @param size the upright photo's size in pixels, when it could be read
 * @param failure why the photo could not be read, or empty
 */
public record PhotoOutcomes(
    LabeledPhoto photo,
    List<TagOutcome> tags,
    List<PriceTag> unmatched,
    double millis,
    Optional<LabeledPhoto.Size> size,
    Optional<String> failure) {

  /** Copies the lists. */
  public PhotoOutcomes {
    tags = List.copyOf(tags);
    unmatched = List.copyOf(unmatched);
  }
}
