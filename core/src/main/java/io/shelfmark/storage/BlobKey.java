package io.shelfmark.storage;

import java.util.Objects;
import java.util.Optional;

/**
 * The name of a blob in a {@link BlobStore}: segments joined by {@code /}, such as {@code
 * artifacts/tag-detector/versions/0000000001}.
 *
 * <p>A segment has 1 to 240 of the characters {@code a-z 0-9 . _ = -} and does not begin with a
 * dot; the whole has at most 800. There are no capital letters, so that a key means one blob on
 * file systems that ignore case, too. Keys are ordered by their characters, which is the order of
 * their bytes.
 *
 * @param value the key as text
 */
public record BlobKey(String value) implements Comparable<BlobKey> {

  private static final String CONTENT = "blobs/sha256/";
  private static final int LONGEST = 800;
  private static final int LONGEST_SEGMENT = 240;

  /**
   * @throws IllegalArgumentException when the text is no key
   */
  public BlobKey {
    Objects.requireNonNull(value, "value");
    if (!isKey(value)) {
      throw new IllegalArgumentException(
          "Cannot use blob key %s: expected segments of a-z 0-9 . _ = - joined by /, none beginning with a dot or longer than %d"
              .formatted(value, LONGEST_SEGMENT));
    }
  }

  /**
   * A key of its text.
   *
   * @throws IllegalArgumentException when the text is no key
   */
  public static BlobKey of(String value) {
    return new BlobKey(value);
  }

  /**
   * The key of content that is named by its digest, the same in every store: {@code
   * blobs/sha256/ab/abcd…}.
   */
  public static BlobKey of(Digest digest) {
    return new BlobKey(CONTENT + digest.hex().substring(0, 2) + "/" + digest.hex());
  }

  /** The digest of the content that the key names; nothing for a key of another kind. */
  public Optional<Digest> digest() {
    int name = value.lastIndexOf('/') + 1;
    if (!value.startsWith(CONTENT) || name != CONTENT.length() + 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Digest(value.substring(name))).filter(found -> of(found).equals(this));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Checks the prefix of a listing: empty, or whole segments up to a {@code /}.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static String requirePrefix(String prefix) {
    if (!prefix.isEmpty()
        && !(prefix.endsWith("/") && isKey(prefix.substring(0, prefix.length() - 1)))) {
      throw new IllegalArgumentException(
          "Cannot list prefix %s: expected nothing or a key followed by /".formatted(prefix));
    }
    return prefix;
  }

  private static boolean isKey(String value) {
    if (value.isEmpty() || value.length() > LONGEST) {
      return false;
    }
    int start = 0;
    for (int i = 0; i <= value.length(); i++) {
      char c = i == value.length() ? '/' : value.charAt(i);
      if (c == '/') {
        if (i == start || i - start > LONGEST_SEGMENT || value.charAt(start) == '.') {
          return false;
        }
        start = i + 1;
      } else if (!isAllowed(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '='
        || c == '-';
  }

  @Override
  public int compareTo(BlobKey other) {
    return value.compareTo(other.value);
  }

  /** The key as text, as {@link #of(String)} reads it. */
  @Override
  public String toString() {
    return value;
  }
}
