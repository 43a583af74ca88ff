package io.shelfmark.tracking.internal.mlflow.server;

import java.io.IOException;

/** Decides whether a caller may take a route with what the request names. */
@FunctionalInterface
interface Guard {

  /** Everybody may, known or not. */
  Guard OPEN = exchange -> {};

  /** Every known caller may; the handler leaves out what the caller may not see. */
  Guard ANY_USER = exchange -> {};

  /**
   * Returns when the caller may.
   *
   * @throws io.shelfmark.tracking.store.AccessDeniedException when the caller may not
   */
  void check(Exchange exchange) throws IOException;
}
