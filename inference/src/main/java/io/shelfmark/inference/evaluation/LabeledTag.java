package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.SaleUnit;
import java.util.Optional;

/**
 * The truth about one tag of a photo. A field that is empty was not labelled and is not scored.
 * Immutable.
 *
 * @param main whether it is the photo's largest tag
 * @param scored false for tags that only detection is asked about: hard to read, cut by the frame,
 *     or unreadable
 * @param hard whether the price is hard to read
 * @param anchor the point that an outline must contain: the center of the price box, relative to
 *     the photo (0 to 1)
 * @param priceBox the box of the price, relative to the photo
 * @param outline the tag's corners, relative to the photo; known on generated photos
 * @param price the main price
 * @param regularPrice the second, regular price
 * @param regularBox the box of the regular price, relative to the photo
 * @param regularKnown whether the labels say if there is a regular price at all
 * @param name the product's name
 * @param nameBox the box of the name, relative to the photo
 * @param condition what the price depends on: an empty {@link Truth} says that it depends on
 *     nothing
 * @param unit what the price buys
 * @param discount the printed discount in percent
 * @param barcode the printed code's text, see {@link Barcode#text()}
 * @param layout the generator's name of the tag's layout
 */
public record LabeledTag(
    boolean main,
    boolean scored,
    boolean hard,
    Point anchor,
    Optional<Box> priceBox,
    Optional<Outline> outline,
    Optional<LabeledPrice> price,
    Optional<LabeledPrice> regularPrice,
    Optional<Box> regularBox,
    boolean regularKnown,
    Optional<LabeledName> name,
    Optional<Box> nameBox,
    Truth<PriceCondition> condition,
    Truth<SaleUnit> unit,
    Truth<Integer> discount,
    Truth<String> barcode,
    Optional<String> layout) {

  /** This tag with what an additional labels file says about it. */
  LabeledTag with(
      Truth<SaleUnit> otherUnit, Truth<String> otherBarcode, Truth<PriceCondition> otherCondition) {
    return new LabeledTag(
        main,
        scored,
        hard,
        anchor,
        priceBox,
        outline,
        price,
        regularPrice,
        regularBox,
        regularKnown,
        name,
        nameBox,
        otherCondition.or(condition),
        otherUnit.or(unit),
        discount,
        otherBarcode.or(barcode),
        layout);
  }
}
