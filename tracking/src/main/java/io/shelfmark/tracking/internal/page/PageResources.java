package io.shelfmark.tracking.internal.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The page's files, read from the class path and kept in memory: {@code /} is the page itself,
 * {@code /page/…} what it loads. A servlet asks {@link #serve} before its own endpoints; the page
 * finds everything by relative addresses, so the context path does not matter.
 *
 * <p>A path is looked up only when it is made of plain names, so none leads out of the folder.
 * Files are checked against the server on each use (an ETag, {@code no-cache}): a new version of
 * the library is seen at once. The page gets a Content-Security-Policy under which it runs no code
 * but its own and talks to nobody else. Thread-safe; nothing to close.
 */
public final class PageResources {

  /** What the page may do: load its own files, show pictures that it fetched, and nothing else. */
  static final String POLICY =
      "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none';"
          + " form-action 'self'; frame-ancestors 'none'";

  private static final String FOLDER = "/io/shelfmark/tracking/page/";
  private static final String ASSETS = "/page/";
  private static final Pattern PLAIN =
      Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9_-]*/)*[A-Za-z0-9][A-Za-z0-9_-]*(?:\\.[a-z0-9]+)+");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, PageFile> files = new ConcurrentHashMap<>();

  /**
   * Answers a request for one of the page's files.
   *
   * @param path below the servlet, as {@code /page/main.js}, or empty or {@code /} for the page
   * @return whether it was one; where it was not, the response is untouched
   */
  public boolean serve(String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean head = request.getMethod().equals("HEAD");
    if (!head && !request.getMethod().equals("GET")) {
      return false;
    }
    Optional<PageFile> found = find(path);
    if (found.isEmpty()) {
      return false;
    }
    PageFile file = found.get();
    headers(file, response);
    String known = request.getHeader("If-None-Match");
    if (known != null && file.matches(known)) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return true;
    }
    response.setContentType(file.contentType());
    response.setContentLength(file.length());
    if (!head) {
      file.writeTo(response.getOutputStream());
    }
    return true;
  }

  private static void headers(PageFile file, HttpServletResponse response) {
    response.setHeader("ETag", file.etag());
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (file.isHtml()) {
      response.setHeader("Content-Security-Policy", POLICY);
      response.setHeader("Referrer-Policy", "same-origin");
    }
  }

  /** The file at a path below the servlet; empty when there is none. */
  Optional<PageFile> find(String path) {
    if (path.isEmpty() || path.equals("/") || path.equals("/index.html")) {
      return load("index.html");
    }
    return path.startsWith(ASSETS) ? load(path.substring(ASSETS.length())) : Optional.empty();
  }

  private Optional<PageFile> load(String name) {
    PageFile known = files.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null || !PLAIN.matcher(name).matches()) {
      return Optional.empty();
    }
    try (InputStream in = PageResources.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        return Optional.empty();
      }
      PageFile file = new PageFile(type, in.readAllBytes());
      files.put(name, file);
      return Optional.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the page's file " + name, e);
    }
  }
}
