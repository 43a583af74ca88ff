package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.storage.ByteRange;
import io.shelfmark.tracking.internal.mlflow.wire.ErrorCode;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.RecordNotFoundException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends a file, or the part of it that the header {@code Range} asks for (RFC 9110, section 14).
 * Several parts at once are answered with the whole file, as the standard allows.
 *
 * <p>Artifacts come from whoever logged them, so a browser is told to save them and not to guess a
 * type: none runs as a page of this server.
 */
final class Download {

  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  private Download() {}

  static void send(FileStore files, String path, Exchange exchange) throws IOException {
    HttpServletRequest request = exchange.request();
    HttpServletResponse response = exchange.response();
    FileStore.Entry file =
        files
            .find(path)
            .filter(entry -> !entry.isFolder())
            .orElseThrow(() -> new RecordNotFoundException("No such artifact: '" + path + "'"));
    Optional<ByteRange> range = range(request, file.size());
    headers(response, path);
    response.setContentLengthLong(range.map(ByteRange::length).orElse(file.size()));
    if (range.isPresent()) {
      long first = range.get().offset();
      response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
      response.setHeader(
          "Content-Range",
          "bytes %d-%d/%d".formatted(first, first + range.get().length() - 1, file.size()));
    }
    if (request.getMethod().equals("HEAD")) {
      return;
    }
    try (InputStream in = range.isPresent() ? files.open(path, range.get()) : files.open(path)) {
      in.transferTo(response.getOutputStream());
    } catch (RuntimeException e) {
      if (!response.isCommitted()) {
        // what was said of the file is not true of the refusal
        response.reset();
      }
      throw e;
    }
  }

  private static void headers(HttpServletResponse response, String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    response.setContentType(type(name));
    response.setHeader("Accept-Ranges", "bytes");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader(
        "Content-Disposition",
        "attachment; filename*=UTF-8''"
            + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
  }

  private static String type(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case "txt", "log", "yaml", "yml", "py", "md", "csv", "tsv", "toml", "ini", "cfg" ->
          "text/plain; charset=utf-8";
      case "json" -> "application/json";
      case "svg" -> "image/svg+xml";
      case "webp" -> "image/webp";
      default ->
          Optional.ofNullable(URLConnection.guessContentTypeFromName(name))
              .orElse("application/octet-stream");
    };
  }

  /** The part that is asked for; nothing where the whole file is. */
  private static Optional<ByteRange> range(HttpServletRequest request, long size) {
    String header = request.getHeader("Range");
    // without validators to compare, "If-Range" can never hold
    if (header == null || request.getHeader("If-Range") != null) {
      return Optional.empty();
    }
    Matcher matcher = RANGE.matcher(header.replace(" ", ""));
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return Optional.empty();
    }
    long first = number(matcher.group(1), -1);
    long last = number(matcher.group(2), Long.MAX_VALUE);
    if (first < 0) {
      first = Math.max(0, size - last);
      last = last == 0 ? -1 : size - 1;
    } else if (last < first) {
      return Optional.empty();
    }
    last = Math.min(last, size - 1);
    if (first > last) {
      throw new HttpRefusal(
              HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE,
              ErrorCode.INVALID_PARAMETER_VALUE,
              "Cannot send %s: found a file of %d bytes, expected a range within"
                  .formatted(header, size))
          .with("Content-Range", "bytes */" + size);
    }
    return Optional.of(new ByteRange(first, last - first + 1));
  }

  private static long number(@Nullable String text, long other) {
    return text == null || text.isEmpty() ? other : Long.parseLong(text);
  }
}
