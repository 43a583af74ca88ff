/**
 * Turns the recognized texts of a tag's fields into values: prices, condition, unit, discount,
 * name, barcode. {@link io.shelfmark.inference.parsing.TagParser} is the door. What could not be
 * read is empty, never invented.
 */
@NullMarked
package io.shelfmark.inference.parsing;

import org.jspecify.annotations.NullMarked;
