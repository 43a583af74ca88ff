package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.store.InvalidRequestException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Paths of artifacts, which come from clients and lead to files. Whatever climbs out of its folder,
 * plainly or once decoded, is refused.
 */
final class ArtifactPaths {

  /** Of locations that the artifact proxy serves. */
  static final String PROXIED = "mlflow-artifacts:/";

  private static final int MOST_DECODINGS = 10;

  private ArtifactPaths() {}

  /**
   * A path without a slash at its end.
   *
   * @param path empty for the root
   */
  static String requireInside(String path) {
    requirePlain(path);
    boolean drive =
        path.length() > 1 && path.charAt(1) == ':' && Character.isLetter(path.charAt(0));
    if (path.startsWith("/") || drive || path.indexOf('\\') >= 0) {
      throw invalid(path);
    }
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** The path that names make, of which there has to be one at least. */
  static String requireInside(List<String> names) {
    for (String name : names) {
      if (name.indexOf('/') >= 0) {
        throw invalid(name);
      }
    }
    if (names.isEmpty()) {
      throw new InvalidRequestException("Invalid path: found none, expected that of a file");
    }
    return requireInside(String.join("/", names));
  }

  /** A path or location without {@code ..} and NUL, however often it is decoded. */
  static String requirePlain(String path) {
    String decoded = path;
    for (int i = 0; i < MOST_DECODINGS; i++) {
      if (decoded.indexOf('\0') >= 0
          || Arrays.asList(decoded.split("[/\\\\]", -1)).contains("..")) {
        throw invalid(path);
      }
      String next = decode(decoded);
      if (next.equals(decoded)) {
        return path;
      }
      decoded = next;
    }
    throw invalid(path);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // a percent sign of its own is part of a name
      return text;
    }
  }

  private static InvalidRequestException invalid(String path) {
    return new InvalidRequestException(
        "Invalid path: %s (expected a relative path of plain names)".formatted(path));
  }
}
