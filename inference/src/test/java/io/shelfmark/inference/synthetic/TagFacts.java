package io.shelfmark.inference.synthetic;

import org.jspecify.annotations.Nullable;

/**
 * What of a tag's content its layout did print: the tag's truth. Filled while painting, read
 * afterwards.
 */
final class TagFacts {
  @Nullable Amount price;
  @Nullable Amount regular;
  @Nullable String conditionKind;
  int conditionQuantity;
  @Nullable String unit;
  @Nullable String barcode;
  @Nullable String promo;
  String paper = "white";
  String currency = "RUB";
  boolean esl;
}
