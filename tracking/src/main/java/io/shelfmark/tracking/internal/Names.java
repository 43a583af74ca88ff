package io.shelfmark.tracking.internal;

import io.shelfmark.tracking.store.InvalidRequestException;
import java.util.Map;
import java.util.regex.Pattern;

/** What keys, names and values may be; the limits are those of MLflow's SQL store. */
public final class Names {

  /** Most characters of a key. */
  public static final int MAX_KEY = 250;

  /** Most characters of a param. */
  public static final int MAX_PARAM = 6000;

  /** Most characters of a tag. */
  public static final int MAX_TAG = 8000;

  /** Letters and digits of any script; MLflow 3 has the colon. */
  private static final Pattern KEY =
      Pattern.compile("[/\\w.\\- :]*", Pattern.UNICODE_CHARACTER_CLASS);

  private Names() {}

  /** The key of a metric, param or tag; it may look like a relative path, but not climb. */
  public static void requireKey(String what, String key) {
    if (key.isEmpty() || key.length() > MAX_KEY) {
      throw new InvalidRequestException(
          "Cannot log %s %s: found %d characters, expected a key of 1 to %d"
              .formatted(what, shortened(key), key.length(), MAX_KEY));
    }
    if (!KEY.matcher(key).matches()) {
      throw new InvalidRequestException(
          "Cannot log %s %s: expected letters, digits, underscores, dashes, periods, spaces, colons and slashes"
              .formatted(what, key));
    }
    if (key.startsWith("/") || key.endsWith("/") || key.contains("//") || climbs(key)) {
      throw new InvalidRequestException(
          "Cannot log %s %s: expected names joined by single slashes, none of them . or .."
              .formatted(what, key));
    }
  }

  private static boolean climbs(String key) {
    for (String name : key.split("/", -1)) {
      if (name.equals(".") || name.equals("..")) {
        return true;
      }
    }
    return false;
  }

  /** A value of at most some characters, which are those of a text. */
  public static void requireValue(String what, String key, String value, int max) {
    if (value.length() > max) {
      throw new InvalidRequestException(
          "Cannot log %s %s: found a value of %d characters, expected at most %d (log a text file instead)"
              .formatted(what, key, value.length(), max));
    }
    requireText(value);
  }

  /**
   * A text that every store keeps as it is: PostgreSQL has no character 0, and half of a pair of
   * characters would come back as a question mark.
   */
  public static void requireText(String text) {
    int bad = nextBad(text, 0);
    if (bad >= 0) {
      throw new InvalidRequestException(
          "Cannot use the text %s: found the character U+%04X at %d, expected none that is 0 or half of a surrogate pair (leave it out)"
              .formatted(cleaned(shortened(text)), (int) text.charAt(bad), bad + 1));
    }
  }

  /** A text of which {@link #requireText} says nothing, with replacement characters. */
  public static String cleaned(String text) {
    int bad = nextBad(text, 0);
    if (bad < 0) {
      return text;
    }
    StringBuilder cleaned = new StringBuilder(text);
    for (; bad >= 0; bad = nextBad(text, bad + 1)) {
      cleaned.setCharAt(bad, '\ufffd');
    }
    return cleaned.toString();
  }

  private static int nextBad(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return i;
      }
      if (Character.isSurrogate(c)) {
        boolean isPair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!isPair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** The keys and values of tags. */
  public static void requireTags(Map<String, String> tags) {
    tags.forEach(Names::requireTag);
  }

  /** The key and value of a tag. */
  public static void requireTag(String key, String value) {
    requireKey("tag", key);
    requireValue("tag", key, value, MAX_TAG);
  }

  /** What people call something. */
  public static void requireName(String what, String name) {
    if (name.isBlank() || name.length() > 500) {
      throw new InvalidRequestException(
          "Cannot name %s %s: expected 1 to 500 characters, not all of them spaces"
              .formatted(what, shortened(name)));
    }
    requireText(name);
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? '"' + text + '"' : '"' + text.substring(0, 60) + "…\"";
  }
}
