package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.ErrorCode;
import io.shelfmark.tracking.store.InvalidRequestException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request's address apart. It reads the address as it was sent: containers differ in what
 * they make of {@code ..}, {@code %2F} and the like before a servlet sees it.
 */
final class RequestPath {

  private RequestPath() {}

  /** The names of the path below the servlet, decoded. */
  static List<String> names(HttpServletRequest request) {
    String uri = request.getRequestURI();
    String base = request.getContextPath() + mount(request);
    String path = uri.startsWith(base) ? uri.substring(base.length()) : uri;
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty()) {
        String decoded = decode(name.replace("+", "%2B"));
        if (decoded.equals(".") || decoded.equals("..")) {
          throw new HttpRefusal(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "Cannot follow path %s: found %s, expected plain names".formatted(path, decoded));
        }
        names.add(decoded);
      }
    }
    return names;
  }

  /** The folder that the servlet is mapped to: {@code /mlflow} for {@code /mlflow/*}. */
  private static String mount(HttpServletRequest request) {
    String pattern = request.getHttpServletMapping().getPattern();
    return pattern.endsWith("/*") ? pattern.substring(0, pattern.length() - 2) : "";
  }

  /** The fields of a query, in their order. */
  static Map<String, List<String>> query(@Nullable String query) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    if (query == null) {
      return fields;
    }
    for (String pair : Arrays.asList(query.split("&", -1))) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        fields.computeIfAbsent(decode(name), any -> new ArrayList<>()).add(decode(value));
      }
    }
    return fields;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          "Cannot decode %s: expected %% with two hexadecimal digits".formatted(text), e);
    }
  }
}
