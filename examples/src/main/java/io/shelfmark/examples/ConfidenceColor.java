package io.shelfmark.examples;

import io.shelfmark.inference.PriceTag;
import java.awt.Color;

/**
 * How far a reading can be trusted, as a color that tells apart on shelves and for color-blind
 * eyes.
 */
enum ConfidenceColor {
  SURE(new Color(0x00, 0xE0, 0x6E), "sure"),
  DOUBTFUL(new Color(0xFF, 0xC8, 0x00), "doubtful"),
  POOR(new Color(0xFF, 0x4A, 0x5E), "poor"),
  UNREAD(new Color(0x6C, 0xC4, 0xFF), "unread");

  private static final double SURE_FROM = 0.95;
  private static final double DOUBTFUL_FROM = 0.7;

  final Color color;
  final String word;

  ConfidenceColor(Color color, String word) {
    this.color = color;
    this.word = word;
  }

  static ConfidenceColor of(PriceTag tag) {
    if (tag.price().isEmpty()) {
      return UNREAD;
    }
    if (tag.confidence() >= SURE_FROM) {
      return SURE;
    }
    return tag.confidence() >= DOUBTFUL_FROM ? DOUBTFUL : POOR;
  }
}
