package io.shelfmark.inference.synthetic;

import java.awt.geom.Rectangle2D;

/**
 * A field as printed on a flat tag.
 *
 * @param box tight around its ink, in units of the tag's height from the tag's top left corner
 * @param line number of the line among the tag's fields of this kind, from 0
 */
record FlatField(FieldKind kind, String text, Rectangle2D box, int line) {}
