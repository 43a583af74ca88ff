package io.shelfmark.tracking.internal.mlflow.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A way through the server.
 *
 * @param method of HTTP
 * @param pattern names of the path; one in braces stands for any name, a last {@code **} for any
 *     number of them
 * @param guard who may take it
 * @param handler who answers
 */
record Route(String method, List<String> pattern, Guard guard, Handler handler) {

  /**
   * What a path makes of the pattern.
   *
   * @param names what the names in braces stand for
   * @param rest what {@code **} stands for
   */
  record Match(Route route, Map<String, String> names, List<String> rest) {}

  static Route of(String method, String pattern, Guard guard, Handler handler) {
    return new Route(method, List.of(pattern.split("/")), guard, handler);
  }

  /** Matches a path; nothing when it is not one of this pattern. */
  Optional<Match> match(List<String> path) {
    boolean open = pattern.get(pattern.size() - 1).equals("**");
    int fixed = open ? pattern.size() - 1 : pattern.size();
    if (open ? path.size() < fixed : path.size() != fixed) {
      return Optional.empty();
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (int i = 0; i < fixed; i++) {
      String part = pattern.get(i);
      if (part.startsWith("{")) {
        names.put(part.substring(1, part.length() - 1), path.get(i));
      } else if (!part.equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(new Match(this, names, path.subList(fixed, path.size())));
  }
}
