package io.shelfmark.storage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The identity of bytes: their SHA-256, written {@code sha256:} and 64 lower-case hexadecimal
 * digits.
 *
 * @param hex the 64 digits
 */
public record Digest(String hex) implements Comparable<Digest> {

  private static final String ALGORITHM = "sha256:";

  /**
   * @throws IllegalArgumentException when it is not 64 lower-case hexadecimal digits
   */
  public Digest {
    Objects.requireNonNull(hex, "hex");
    boolean valid = hex.length() == 64;
    for (int i = 0; valid && i < 64; i++) {
      char c = hex.charAt(i);
      valid = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "Cannot read digest %s: expected 64 lower-case hexadecimal digits".formatted(hex));
    }
  }

  /** The digest of these bytes. */
  public static Digest of(byte[] content) {
    return finish(start(), content);
  }

  /**
   * Reads {@code sha256:hex}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static Digest parse(String text) {
    if (!text.startsWith(ALGORITHM)) {
      throw new IllegalArgumentException(
          "Cannot read digest %s: expected %s and 64 hexadecimal digits"
              .formatted(text, ALGORITHM));
    }
    return new Digest(text.substring(ALGORITHM.length()));
  }

  /** A calculation to feed content to; {@link #of(MessageDigest)} ends it. */
  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The digest of what a calculation was fed; it begins anew. */
  public static Digest of(MessageDigest calculation) {
    return new Digest(HexFormat.of().formatHex(calculation.digest()));
  }

  private static Digest finish(MessageDigest calculation, byte[] content) {
    calculation.update(content);
    return of(calculation);
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  /** {@code sha256:hex}, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return ALGORITHM + hex;
  }
}
