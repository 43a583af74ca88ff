package io.shelfmark.inference.evaluation;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How well one slice of the labels was read; docs/evaluation.md tells what each figure means.
 * Shares over nothing are NaN. Immutable.
 *
 * @param photos photos in the slice
 * @param tags scored labels in it
 * @param detectionRecall labels that a tag matches
 * @param detectionPrecision tags that match a label, of those not ignored, on photos whose labels
 *     are complete
 * @param priceExact prices right to the minor unit, currency included
 * @param rublesExact prices whose major part is right
 * @param kopecksExact prices whose minor part is right
 * @param kopecksNon99Exact the same where the minor part is not 99
 * @param regularPriceExact regular prices right to the minor unit
 * @param regularRublesExact regular prices whose major part is right
 * @param regularPriceInvented regular prices read on tags that have none
 * @param name errors in names of good legibility
 * @param nameFair errors in names of fair legibility
 * @param conditionExact conditions right, none where there is none
 * @param unitExact units right where labelled
 * @param barcodeExact codes right where labelled
 * @param discountExact discounts right where labelled
 * @param coverage how many tags are read with a confidence that deserves trust
 * @param calibration confidences against accuracy
 * @param falsePrices wrong prices on matches
 * @param falseTags prices on tags that match nothing
 * @param negativePhotosRead photos without any tag on which a price was read, of all such photos;
 *     counts where whole photos do, like {@code falseTags}
 * @param cornerError mean distance of corners from the true ones in percent of the tag's diagonal;
 *     NaN where not known
 * @param unreadablePhotos photos that could not be decoded
 * @param millisPerPhoto mean wall time per photo in milliseconds
 */
public record Scores(
    int photos,
    int tags,
    Ratio detectionRecall,
    Ratio detectionPrecision,
    Ratio priceExact,
    Ratio rublesExact,
    Ratio kopecksExact,
    Ratio kopecksNon99Exact,
    Ratio regularPriceExact,
    Ratio regularRublesExact,
    Ratio regularPriceInvented,
    CharacterErrors name,
    CharacterErrors nameFair,
    Ratio conditionExact,
    Ratio unitExact,
    Ratio barcodeExact,
    Ratio discountExact,
    Coverage coverage,
    Calibration calibration,
    int falsePrices,
    int falseTags,
    Ratio negativePhotosRead,
    double cornerError,
    int unreadablePhotos,
    double millisPerPhoto) {

  /** Wrong prices on matches, and prices on tags that match nothing. */
  public int falseReadings() {
    return falsePrices + falseTags;
  }

  /** The figures as the JSON of docs/evaluation.md. */
  public JsonNode json() {
    return ScoresJson.of(this);
  }
}
