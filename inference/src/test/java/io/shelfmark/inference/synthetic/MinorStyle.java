package io.shelfmark.inference.synthetic;

/** How the kopecks stand beside the rubles. */
enum MinorStyle {
  /** Small, raised to the top of the rubles. */
  SUPERSCRIPT,
  /** Small and raised, with a line under them. */
  UNDERLINED,
  /** Half as high, on the baseline, after a dot. */
  SMALL_AFTER_DOT,
  /** Half as high, on the baseline. */
  SMALL,
  COMMA,
  DOT,
  DASH,
  SPACE,
  /** Of the same height, with nothing between, as on an LCD. */
  NOTHING;

  boolean inline() {
    return ordinal() >= COMMA.ordinal();
  }

  String separator() {
    return switch (this) {
      case COMMA -> ",";
      case DOT -> ".";
      case DASH -> "-";
      case SPACE -> " ";
      default -> "";
    };
  }
}
