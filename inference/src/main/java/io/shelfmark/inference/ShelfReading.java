package io.shelfmark.inference;

import java.util.List;

/**
 * All price tags of one photo. Immutable.
 *
 * @param source what the photo was called: its path, or the name given to {@code ShelfPhoto.of}
 * @param width width of the upright photo in pixels
 * @param height height of the upright photo in pixels
 * @param tags the tags from top to bottom, those of one shelf from left to right; empty when none
 *     is in sight
 */
public record ShelfReading(String source, int width, int height, List<PriceTag> tags) {

  /** Copies the list. */
  public ShelfReading {
    tags = List.copyOf(tags);
  }
}
