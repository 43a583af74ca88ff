package io.shelfmark.inference.synthetic;

/**
 * How far what belongs to a tag, a plate behind it say, sticks out of it, in units of the tag's
 * height.
 */
record Bleed(double side, double above, double below) {
  static final Bleed NONE = new Bleed(0, 0, 0);
}
