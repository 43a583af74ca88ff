package io.shelfmark.tracking.internal.mlflow.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.store.InvalidRequestException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON object of a reply. Integers and numbers may come as texts, as protobuf's JSON has them;
 * what is not there reads as empty or 0. Immutable and thread-safe.
 */
public final class Reply {

  private final JsonNode node;

  /** Of a tree, which is not changed any more. */
  public Reply(JsonNode node) {
    this.node = node;
  }

  /** Of nothing. */
  public static Reply empty() {
    return new Reply(MissingNode.getInstance());
  }

  /** Whether a field is there and not null. */
  public boolean has(String field) {
    return node.hasNonNull(field);
  }

  /** An object in a field; an empty one when there is none. */
  public Reply at(String field) {
    return new Reply(node.path(field));
  }

  /** A text; empty when there is none. */
  public String text(String field) {
    return node.path(field).asText("");
  }

  /** A text, if there is one that is not empty. */
  public Optional<String> find(String field) {
    return Optional.of(text(field)).filter(text -> !text.isEmpty());
  }

  /** An integer; 0 when there is none. */
  public long number(String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      return value.asLong(0);
    }
    try {
      return Long.parseLong(value.textValue());
    } catch (NumberFormatException e) {
      throw unreadable(field, value, "an integer", e);
    }
  }

  /** A number, which may be NaN or infinite. */
  public double decimal(String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      return value.asDouble(0);
    }
    try {
      return Double.parseDouble(value.textValue());
    } catch (NumberFormatException e) {
      throw unreadable(field, value, "a number", e);
    }
  }

  /** Whether a field is true. */
  public boolean flag(String field) {
    return node.path(field).asBoolean(false);
  }

  /** A time in milliseconds; 1970 when there is none. */
  public Instant time(String field) {
    return Instant.ofEpochMilli(number(field));
  }

  /** A time in milliseconds, if there is one. */
  public Optional<Instant> findTime(String field) {
    return number(field) == 0 ? Optional.empty() : Optional.of(time(field));
  }

  /** The objects of a list; none when there is no list. */
  public List<Reply> list(String field) {
    List<Reply> items = new ArrayList<>();
    node.path(field).forEach(item -> items.add(new Reply(item)));
    return items;
  }

  /** The lists of a list, as objects whose fields are the places from {@code 0}. */
  public List<Reply> rows(String field) {
    List<Reply> rows = new ArrayList<>();
    for (JsonNode row : node.path(field)) {
      ObjectNode fields = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < row.size(); i++) {
        fields.set(Integer.toString(i), row.get(i));
      }
      rows.add(new Reply(fields));
    }
    return rows;
  }

  /** The texts of a list; none when there is no list. */
  public List<String> texts(String field) {
    List<String> items = new ArrayList<>();
    node.path(field).forEach(item -> items.add(item.asText("")));
    return items;
  }

  /** The fields of this object that are texts or numbers. */
  public Map<String, String> texts() {
    Map<String, String> fields = new LinkedHashMap<>();
    node.properties().forEach(field -> fields.put(field.getKey(), field.getValue().asText("")));
    return fields;
  }

  /** A list of objects with {@code key} and {@code value}. */
  public Map<String, String> pairs(String field) {
    Map<String, String> pairs = new LinkedHashMap<>();
    list(field).forEach(pair -> pairs.put(pair.text("key"), pair.text("value")));
    return pairs;
  }

  private static InvalidRequestException unreadable(
      String field, JsonNode value, String expected, NumberFormatException cause) {
    return new InvalidRequestException(
        "Cannot read field %s of a reply: found %s, expected %s (is this an MLflow server?)"
            .formatted(field, value, expected),
        cause);
  }
}
