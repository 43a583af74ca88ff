package io.shelfmark.internal.dvc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The object that lists a folder: JSON, byte for byte as Python's {@code json.dumps} writes it. */
final class DirObject {

  private static final JsonMapper MAPPER = new JsonMapper();

  /**
   * A file of a folder.
   *
   * @param path within the folder
   * @param md5 of its content
   */
  record Entry(String path, Md5 md5) {}

  private DirObject() {}

  static List<Entry> parse(byte[] json) throws IOException {
    JsonNode array;
    try {
      array = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IOException("no JSON", e);
    }
    List<Entry> entries = new ArrayList<>();
    for (JsonNode node : array) {
      if (!node.path("relpath").isTextual() || !node.path("md5").isTextual()) {
        throw new IOException("an entry without relpath and md5");
      }
      entries.add(
          new Entry(node.path("relpath").textValue(), new Md5(node.path("md5").textValue())));
    }
    return entries;
  }

  /** One entry, without what stands between entries. */
  static String line(Entry entry) {
    return "{\"md5\": \"" + entry.md5() + "\", \"relpath\": " + quoted(entry.path()) + "}";
  }

  /** A text as {@code json.dumps} writes it: all but ASCII is escaped by UTF-16 units. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\f' -> quoted.append("\\f");
        case '\b' -> quoted.append("\\b");
        default -> {
          if (c < 0x20 || c > 0x7f) {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
