package io.shelfmark.internal.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.text.Normalizer;

/**
 * Names that people give, as segments of a blob key and back: {@code a-z 0-9 . _ -} stand for
 * themselves, any other byte of the UTF-8 form is {@code =} and two hexadecimal digits. A dot at
 * the beginning is escaped, too.
 */
public final class KeyNames {

  private static final int LONGEST = 240;

  private KeyNames() {}

  /**
   * The segment for a name.
   *
   * @throws IllegalArgumentException when the name is empty, has control characters, is not in
   *     Unicode's composed form (NFC) or is too long
   */
  public static String encode(String name) {
    if (name.isBlank()
        || name.chars().anyMatch(Character::isISOControl)
        || name.indexOf('/') >= 0
        || !UTF_8.newEncoder().canEncode(name)
        || !Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
      throw new IllegalArgumentException(
          "Cannot use name «%s»: expected text in composed form (NFC) without / and control characters"
              .formatted(name));
    }
    String segment = escape(name);
    if (segment.length() > LONGEST) {
      throw new IllegalArgumentException(
          "Cannot use name «%s»: found %d characters in its key, expected %d at most (shorten it; letters other than a-z take 3 for each byte)"
              .formatted(name, segment.length(), LONGEST));
    }
    return segment;
  }

  /** The segment for any text, however long. */
  public static String escape(String name) {
    return escape(name, Integer.MAX_VALUE);
  }

  /** The beginning of the segment for any text, at most so long. */
  public static String escape(String name, int longest) {
    StringBuilder segment = new StringBuilder();
    for (byte b : name.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
      boolean stands = plain && !(c == '.' && segment.isEmpty());
      if (segment.length() + (stands ? 1 : 3) > longest) {
        break;
      }
      segment.append(stands ? String.valueOf(c) : "=%02x".formatted((int) c));
    }
    return segment.toString();
  }

  /** The name that a segment stands for. */
  public static String decode(String segment) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < segment.length(); i++) {
      if (segment.charAt(i) == '=') {
        bytes.write(Integer.parseInt(segment, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(segment.charAt(i));
      }
    }
    return bytes.toString(UTF_8);
  }
}
