package io.shelfmark.internal.dvc;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * DVC's identity of bytes.
 *
 * @param hex 32 lower-case hexadecimal digits
 */
record Md5(String hex) {

  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{32}");

  /**
   * @throws IllegalArgumentException when it is anything else
   */
  Md5 {
    if (!DIGITS.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          "Cannot read MD5 %s: expected 32 lower-case hexadecimal digits"
              .formatted(hex.substring(0, Math.min(100, hex.length()))));
    }
  }

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  static Md5 of(MessageDigest calculation) {
    return new Md5(HexFormat.of().formatHex(calculation.digest()));
  }

  static Md5 of(byte[] content) {
    MessageDigest calculation = start();
    calculation.update(content);
    return of(calculation);
  }

  @Override
  public String toString() {
    return hex;
  }
}
