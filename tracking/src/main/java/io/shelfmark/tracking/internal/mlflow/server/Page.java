package io.shelfmark.tracking.internal.mlflow.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The page on which a person looks at runs: what the server answers beside its routes. */
@FunctionalInterface
public interface Page {

  /** No page. */
  Page NONE = (path, request, response) -> false;

  /**
   * Answers a request for one of the page's files.
   *
   * @param path below the servlet, beginning with a slash
   * @return whether it was one; where it was not, the response is untouched
   */
  boolean serve(String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException;
}
