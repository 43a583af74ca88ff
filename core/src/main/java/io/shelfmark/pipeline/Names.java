package io.shelfmark.pipeline;

import java.util.regex.Pattern;

/**
 * What names of steps, parameters and pipelines may be: they are part of paths, keys and labels.
 */
final class Names {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,79}");

  private Names() {}

  static String require(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Cannot name a %s «%s»: expected 1 to 80 letters, digits, dots, dashes and underscores, a letter or digit first"
              .formatted(what, name));
    }
    return name;
  }
}
