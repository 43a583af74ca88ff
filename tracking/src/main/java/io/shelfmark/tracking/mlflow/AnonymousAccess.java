package io.shelfmark.tracking.mlflow;

/** Whom a server answers that knows no users. */
public enum AnonymousAccess {
  /**
   * Requests from this machine to this machine: those that come from a loopback address and ask for
   * {@code localhost} or a loopback address. What a proxy on this machine passes on asks for
   * something else, and is refused.
   */
  LOOPBACK,
  /** Everybody who reaches it: choose this only where something else keeps others out. */
  ANYWHERE
}
