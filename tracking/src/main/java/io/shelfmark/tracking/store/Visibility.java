package io.shelfmark.tracking.store;

/** Which of the active and the deleted a search looks at. */
public enum Visibility {
  /** Those in use. */
  ACTIVE,
  /** Those that were deleted. */
  DELETED,
  /** Both. */
  ALL
}
