package io.shelfmark.tracking.store;

/** How far a logged model is. */
public enum LoggedModelStatus {
  /** Its files are on their way. */
  PENDING,
  /** Its files are there. */
  READY,
  /** Its files could not be stored. */
  UPLOAD_FAILED
}
