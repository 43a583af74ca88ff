/**
 * Finds price tags in a photo and fields on a tag: from a network's score maps to corners and
 * boxes.
 */
@NullMarked
package io.shelfmark.inference.detection;

import org.jspecify.annotations.NullMarked;
