package io.shelfmark.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.tracking.internal.Names;
import io.shelfmark.tracking.store.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers in a step's result that are metrics of its run. */
final class ResultNumbers {

  /** A longer result is data. */
  private static final int LONGEST = 1 << 20;

  private static final int MOST = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultNumbers() {}

  /**
   * Those of a record by their names, and those in its {@code metrics}, as programs' results have
   * them; a bare number is named {@code result}.
   */
  static Map<String, Double> of(String json) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    if (json.length() <= LONGEST && !json.startsWith("[")) {
      JsonNode result = read(json);
      if (result.isNumber()) {
        numbers.put("result", result.doubleValue());
      }
      add(result, numbers);
      add(result.path("metrics"), numbers);
    }
    return numbers;
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("results of steps are JSON", e);
    }
  }

  private static void add(JsonNode object, Map<String, Double> numbers) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (field.getValue().isNumber() && numbers.size() < MOST && isKey(field.getKey())) {
        numbers.put(field.getKey(), field.getValue().doubleValue());
      }
    }
  }

  private static boolean isKey(String name) {
    try {
      Names.requireKey("metric", name);
      return true;
    } catch (InvalidRequestException e) {
      return false;
    }
  }

  /** A parameter's value as people write it: a text without its quotes. */
  static String text(String json) {
    return json.startsWith("\"") ? read(json).asText() : json;
  }
}
