package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Names of steps, as another tool takes them: each its own, the same each time. */
final class TaskNames {

  private TaskNames() {}

  static Map<String, String> of(List<String> steps, UnaryOperator<String> spell, int longest) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String step : steps) {
      String name = spell.apply(step);
      if (name.length() > longest || names.containsValue(name)) {
        String digest = Digest.of(step.getBytes(UTF_8)).hex().substring(0, 8);
        name = name.substring(0, Math.min(name.length(), longest - 9)) + "-" + digest;
      }
      names.put(step, name);
    }
    return names;
  }
}
