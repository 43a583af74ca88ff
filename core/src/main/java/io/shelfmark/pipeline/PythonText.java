package io.shelfmark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values as literals of Python, whatever is in them. */
final class PythonText {

  private PythonText() {}

  /** A string, in ASCII alone. */
  static String string(String text) {
    StringBuilder literal = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                literal.append('\\').append((char) c);
              } else if (c == '\n') {
                literal.append("\\n");
              } else if (c >= ' ' && c < 127) {
                literal.append((char) c);
              } else {
                literal.append((c > 0xffff ? "\\U%08x" : "\\u%04x").formatted(c));
              }
            });
    return literal.append('"').toString();
  }

  /** A list. */
  static String list(List<String> literals) {
    return literals.stream().collect(Collectors.joining(", ", "[", "]"));
  }

  /** A dictionary of strings to literals. */
  static String dictionary(Map<String, String> literals) {
    return literals.entrySet().stream()
        .map(entry -> string(entry.getKey()) + ": " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** What JSON says. */
  static String literal(JsonNode json) {
    if (json.isTextual()) {
      return string(json.textValue());
    }
    if (json.isArray()) {
      List<String> elements = new ArrayList<>();
      json.forEach(element -> elements.add(literal(element)));
      return list(elements);
    }
    if (json.isObject()) {
      return json.properties().stream()
          .map(entry -> string(entry.getKey()) + ": " + literal(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (json.isBoolean()) {
      return json.booleanValue() ? "True" : "False";
    }
    return json.isNull() ? "None" : json.asText();
  }

  /** Text that Jinja gives as it is, and that Airflow does not take for the name of a file. */
  static String plain(String text) {
    StringBuilder template = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // braces begin Jinja's tags; it drops one line end at the end
      if (c == '{' || c == '}') {
        template.append("{{ '").append(c).append("' }}");
      } else {
        template.append(c);
      }
    }
    boolean looksLikeFile =
        List.of(".sh", ".bash", ".env").stream().anyMatch(text::endsWith) || text.endsWith("\n");
    return looksLikeFile ? template.append("{{ '' }}").toString() : template.toString();
  }

  /** A word of a command of a shell. */
  static String word(String text) {
    return text.matches("[A-Za-z0-9_./:=@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
