/**
 * Finds a tag's product in the retailer's own list of products. {@link
 * io.shelfmark.inference.catalog.Catalog} is the door.
 */
@NullMarked
package io.shelfmark.inference.catalog;

import org.jspecify.annotations.NullMarked;
