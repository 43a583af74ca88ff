package io.shelfmark.tracking.store;

/** Whether something is in use or was deleted, from which it can be restored. */
public enum Lifecycle {
  /** In use. */
  ACTIVE,
  /** Deleted: kept, but refuses to be logged to. */
  DELETED
}
