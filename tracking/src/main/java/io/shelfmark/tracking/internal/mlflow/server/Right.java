package io.shelfmark.tracking.internal.mlflow.server;

/** What a caller may do; each includes those before it. */
public enum Right {
  /** Look. */
  READ,
  /** Make, log, change and tag; delete what is below an experiment. */
  WRITE,
  /** Delete and restore whole experiments and registered models. */
  ADMIN
}
