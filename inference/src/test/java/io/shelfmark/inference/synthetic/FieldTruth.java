package io.shelfmark.inference.synthetic;

import io.shelfmark.inference.Outline;

/**
 * A field of a generated tag.
 *
 * @param kind "price", "regular", "name", "card", "quantity", "discount", "unit", "barcode", "qr"
 *     or "other"
 * @param text what is printed (prices canonical: "219.99"), empty where a part of it is hidden
 * @param outline tight around the ink, in pixels of the photo
 * @param line number among the tag's fields of this kind, from 0
 * @param visible share of the field that nothing hides and the frame does not cut
 */
public record FieldTruth(String kind, String text, Outline outline, int line, double visible) {}
