package io.shelfmark.tracking.internal.page;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One file of the page. Immutable and thread-safe. */
final class PageFile {

  private final String contentType;
  private final byte[] content;
  private final String etag;

  /** A file of a content type, which names the charset, with its bytes, which it keeps. */
  PageFile(String contentType, byte[] content) {
    this.contentType = contentType;
    this.content = content;
    this.etag = '"' + digest(content).substring(0, 32) + '"';
  }

  String contentType() {
    return contentType;
  }

  int length() {
    return content.length;
  }

  /** For the header, in quotes. */
  String etag() {
    return etag;
  }

  boolean isHtml() {
    return contentType.startsWith("text/html");
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(content);
  }

  /** Whether a header If-None-Match names this content. */
  boolean matches(String ifNoneMatch) {
    for (String candidate : ifNoneMatch.split(",", -1)) {
      String tag = candidate.strip();
      if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
