package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Names of steps or parameters, as another tool takes them: each its own, the same each time.
 * Immutable and thread-safe.
 */
final class TaskNames {

  private static final int DIGITS = 8;

  private final Map<String, String> names = new LinkedHashMap<>();

  TaskNames(List<String> ours, UnaryOperator<String> spell, int longest) {
    for (String own : ours) {
      String name = spell.apply(own);
      if (name.length() > longest || names.containsValue(name)) {
        String digest = Digest.of(own.getBytes(UTF_8)).hex().substring(0, DIGITS);
        name = name.substring(0, Math.min(name.length(), longest - DIGITS - 1)) + "-" + digest;
      }
      names.put(own, name);
    }
  }

  String of(String own) {
    return Objects.requireNonNull(names.get(own), own);
  }

  /** A name that none of them has. */
  String free(String wanted) {
    String name = wanted;
    while (names.containsValue(name)) {
      name += "0";
    }
    return name;
  }
}
