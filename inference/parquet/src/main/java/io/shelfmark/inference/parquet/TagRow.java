package io.shelfmark.inference.parquet;

import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.bulk.BulkOutcome;

/**
 * A row: one tag of one photo.
 *
 * @param photo the outcome, which is a reading
 * @param reading that reading
 * @param index of the tag among those of the photo, from 0
 * @param tag the tag
 */
record TagRow(BulkOutcome photo, ShelfReading reading, int index, PriceTag tag) {}
