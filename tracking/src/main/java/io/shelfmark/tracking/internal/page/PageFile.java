package io.shelfmark.tracking.internal.page;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * One file of the page. Immutable as long as nobody writes into its bytes.
 *
 * @param contentType for the header, with its charset
 * @param content its bytes
 * @param etag of the content, in quotes
 */
record PageFile(String contentType, byte[] content, String etag) {

  PageFile {
    Objects.requireNonNull(contentType, "contentType");
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(etag, "etag");
  }

  static PageFile of(String contentType, byte[] content) {
    return new PageFile(contentType, content, '"' + digest(content).substring(0, 32) + '"');
  }

  boolean isHtml() {
    return contentType.startsWith("text/html");
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

  @Override
  public String toString() {
    return contentType + ", " + content.length + " bytes, " + etag;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PageFile file && file.etag.equals(etag);
  }

  @Override
  public int hashCode() {
    return etag.hashCode();
  }
}
