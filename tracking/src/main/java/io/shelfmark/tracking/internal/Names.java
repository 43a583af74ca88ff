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

  /** A value of at most some characters. */
  public static void requireValue(String what, String key, String value, int max) {
    if (value.length() > max) {
      throw new InvalidRequestException(
          "Cannot log %s %s: found a value of %d characters, expected at most %d (log a text file instead)"
              .formatted(what, key, value.length(), max));
    }
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
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? '"' + text + '"' : '"' + text.substring(0, 60) + "…\"";
  }
}
