package io.shelfmark.tracking.internal.mlflow.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/**
 * What is left of a body when its request is refused. A container closes a connection on which
 * there is some, and a client that sends its next request there at this moment sees it break.
 * Therefore a short rest is read, and a long one announced by {@code Connection: close}.
 */
final class Leftover {

  private static final int MOST_READ = 1 << 20;

  private Leftover() {}

  static void readThrough(HttpServletRequest request, HttpServletResponse response) {
    boolean body =
        request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    // who asks before sending learns from the refusal that it need not
    if (body && (request.getHeader("Expect") != null || !isRead(request))) {
      response.setHeader("Connection", "close");
    }
  }

  private static boolean isRead(HttpServletRequest request) {
    try {
      InputStream in = request.getInputStream();
      long left = MOST_READ;
      while (left > 0) {
        long skipped = in.readNBytes((int) Math.min(left, 8192)).length;
        if (skipped == 0) {
          return true;
        }
        left -= skipped;
      }
      return false;
    } catch (IOException | RuntimeException e) {
      // the client is gone, or the container gave the body up; either way the connection ends
      return false;
    }
  }
}
