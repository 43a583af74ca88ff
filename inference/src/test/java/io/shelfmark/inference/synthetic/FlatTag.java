package io.shelfmark.inference.synthetic;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A tag painted flat, before a camera looks at it.
 *
 * @param image premultiplied ARGB, the tag and what sticks out of it (a plate behind it)
 * @param scale pixels per unit; the unit is the tag's height
 * @param width the tag's width in units
 * @param left units of the image left of the tag's left edge
 * @param top units of the image above the tag's top edge
 */
record FlatTag(
    String layout,
    BufferedImage image,
    double scale,
    double width,
    double left,
    double top,
    List<FlatField> fields,
    TagFacts facts) {}
