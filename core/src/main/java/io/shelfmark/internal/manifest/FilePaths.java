package io.shelfmark.internal.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Comparator;

/** The rules for paths of files in a version, and their order. */
public final class FilePaths {

  private static final int LONGEST = 4096;
  private static final int LONGEST_SEGMENT = 255;

  /**
   * By code points, which is the order of the UTF-8 bytes; {@code String}'s own differs from it.
   */
  public static final Comparator<String> ORDER = FilePaths::compare;

  private FilePaths() {}

  /**
   * Checks a path.
   *
   * @throws IllegalArgumentException when it is absolute, climbs out of its folder, or no file of
   *     that name could be written
   */
  public static String require(String path) {
    String fault = fault(path);
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot use path «%s»: found %s, expected a relative path of plain names joined by /"
              .formatted(printable(path), fault));
    }
    return path;
  }

  private static String fault(String path) {
    if (path.isEmpty()) {
      return "nothing";
    }
    if (path.startsWith("/")) {
      return "an absolute path";
    }
    if (path.length() > 1 && path.charAt(1) == ':') {
      return "a drive";
    }
    if (!UTF_8.newEncoder().canEncode(path)) {
      return "half a character";
    }
    if (path.getBytes(UTF_8).length > LONGEST) {
      return "more than " + LONGEST + " bytes";
    }
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty()) {
        return "an empty name";
      }
      if (segment.equals(".") || segment.equals("..")) {
        return "the name " + segment;
      }
      if (segment.getBytes(UTF_8).length > LONGEST_SEGMENT) {
        return "a name of more than " + LONGEST_SEGMENT + " bytes";
      }
      if (segment.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '\\')) {
        return "a control character or backslash";
      }
    }
    return "";
  }

  private static String printable(String path) {
    StringBuilder text = new StringBuilder();
    path.chars().limit(200).forEach(c -> text.append(c < 0x20 ? '?' : (char) c));
    return text.toString();
  }

  private static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // surrogates stand for code points above all others
        boolean xPair = Character.isSurrogate(x);
        return xPair == Character.isSurrogate(y) ? Character.compare(x, y) : xPair ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
