package io.shelfmark.inference;

/** Who goes first when readings wait. */
public enum Priority {
  /** Somebody looks at the screen: before everything that is bulk. */
  INTERACTIVE,
  /**
   * Nobody waits for a single one. While interactive work waits too, one batch in eight is bulk's,
   * so that it never stands still.
   */
  BULK
}
