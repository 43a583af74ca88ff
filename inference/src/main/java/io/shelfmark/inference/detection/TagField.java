package io.shelfmark.inference.detection;

import io.shelfmark.inference.Box;

/**
 * A part of a tag that the field detector found.
 *
 * @param kind what it is
 * @param box where it is, in pixels of the rectified tag's canvas
 * @param score the detector's score, 0 to 1
 */
public record TagField(FieldKind kind, Box box, double score) {}
