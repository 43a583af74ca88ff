package io.shelfmark.tracking.internal.mlflow.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.store.InvalidRequestException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, by the names of its fields, whether they came as JSON or in the query.
 * As protocol buffers' JSON has it: an unknown field is ignored, one that is null is not there, an
 * empty text is as good as none, and numbers may be texts. Reading a field that is not what it has
 * to be is an {@link InvalidRequestException}. Immutable and thread-safe.
 */
public final class RequestFields {

  /** Longer texts are no numbers; reading a number takes time with the square of its length. */
  private static final int LONGEST_NUMBER = 60;

  private final JsonNode object;
  private final String where;
  private final boolean query;

  private RequestFields(JsonNode object, String where, boolean query) {
    this.object = object;
    this.where = where;
    this.query = query;
  }

  /** The fields of an object. */
  public static RequestFields of(ObjectNode object) {
    return new RequestFields(object, "", false);
  }

  /** The fields of a query, where a field may come several times. */
  public static RequestFields ofQuery(Map<String, List<String>> query) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    query.forEach((name, values) -> values.forEach(object.putArray(name)::add));
    return new RequestFields(object, "", true);
  }

  /** A text; empty when it is not there. */
  public String text(String name) {
    return optionalText(name).orElse("");
  }

  /** A text, if it is there; it may be empty. */
  public Optional<String> optionalText(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw invalid(name, value, "a text");
    }
    return Optional.of(value.textValue());
  }

  /** A text that has to be there and not empty. */
  public String required(String name) {
    String value = text(name);
    if (value.isEmpty()) {
      throw missing(name);
    }
    return value;
  }

  /** An integer of 64 bits, if it is there. */
  public OptionalLong optionalLong(String name) {
    JsonNode value = value(name);
    if (value == null || (value.isTextual() && value.textValue().isEmpty())) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(new BigDecimal(shortText(value)).longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      throw invalid(name, value, "an integer of 64 bits");
    }
  }

  /** An integer of 64 bits that has to be there. */
  public long requiredLong(String name) {
    return optionalLong(name).orElseThrow(() -> missing(name));
  }

  /** A time in milliseconds since 1970, if it is there. */
  public Optional<Instant> optionalTime(String name) {
    OptionalLong millis = optionalLong(name);
    if (millis.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.ofEpochMilli(millis.getAsLong()));
    } catch (DateTimeException e) {
      throw new InvalidRequestException(
          "Invalid value %d for parameter '%s%s': expected milliseconds since 1970"
              .formatted(millis.getAsLong(), where, name),
          e);
    }
  }

  /** A number that has to be there; NaN and the infinities are texts. */
  public double requiredDouble(String name) {
    JsonNode value = value(name);
    if (value == null) {
      throw missing(name);
    }
    if (value.isNumber()) {
      return value.doubleValue();
    }
    try {
      return WireDouble.parse(shortText(value));
    } catch (NumberFormatException e) {
      throw invalid(name, value, "a number");
    }
  }

  /**
   * Whether a flag is set.
   *
   * @param usual where the request does not say
   */
  public boolean flag(String name, boolean usual) {
    JsonNode value = value(name);
    if (value == null || value.isBoolean()) {
      return value == null ? usual : value.booleanValue();
    }
    return switch (value.asText()) {
      case "true", "True" -> true;
      case "false", "False" -> false;
      default -> throw invalid(name, value, "true or false");
    };
  }

  /** Texts; none when they are not there. One that came alone in a query counts. */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : array(name)) {
      if (!value.isTextual()) {
        throw invalid(name, value, "texts");
      }
      texts.add(value.textValue());
    }
    return texts;
  }

  /** Objects; none when they are not there. */
  public List<RequestFields> objects(String name) {
    List<RequestFields> objects = new ArrayList<>();
    for (JsonNode value : array(name)) {
      if (!value.isObject()) {
        throw invalid(name, value, "objects");
      }
      objects.add(new RequestFields(value, where + name + "[" + objects.size() + "].", false));
    }
    return objects;
  }

  /** An object that has to be there. */
  public RequestFields object(String name) {
    JsonNode value = value(name);
    if (value == null) {
      throw missing(name);
    }
    if (!value.isObject()) {
      throw invalid(name, value, "an object");
    }
    return new RequestFields(value, where + name + ".", false);
  }

  /** Pairs of key and value as a map; of a key that is there twice the last one. */
  public Map<String, String> tags(String name) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (RequestFields tag : objects(name)) {
      tags.put(tag.required("key"), tag.text("value"));
    }
    return tags;
  }

  /** Pairs of key and value as a map; of a key that is there twice both must have one value. */
  public Map<String, String> params(String name) {
    Map<String, String> params = new LinkedHashMap<>();
    for (RequestFields param : objects(name)) {
      String key = param.required("key");
      String value = param.text("value");
      String other = params.put(key, value);
      if (other != null && !other.equals(value)) {
        throw new InvalidRequestException(
            "Cannot log param %s twice in one request: found %s and %s, expected one value"
                .formatted(key, other, value));
      }
    }
    return params;
  }

  /** How many items a list has. */
  public int count(String name) {
    return array(name).size();
  }

  private JsonNode array(String name) {
    JsonNode value = any(name);
    if (value == null) {
      return JsonNodeFactory.instance.arrayNode();
    }
    if (!value.isArray()) {
      throw invalid(name, value, "a list");
    }
    return value;
  }

  private static String shortText(JsonNode value) {
    String text = value.asText();
    if (text.length() > LONGEST_NUMBER) {
      throw new NumberFormatException("Cannot read a number of that many characters");
    }
    return text;
  }

  private @Nullable JsonNode any(String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** One value: the first, where a query may have several. */
  private @Nullable JsonNode value(String name) {
    JsonNode value = any(name);
    return value != null && query && value.isArray() ? value.get(0) : value;
  }

  private InvalidRequestException missing(String name) {
    return new InvalidRequestException(
        "Missing value for required parameter '" + where + name + "'.");
  }

  private InvalidRequestException invalid(String name, JsonNode found, String expected) {
    String text = found.toString();
    return new InvalidRequestException(
        "Invalid value %s for parameter '%s%s': expected %s"
            .formatted(
                text.length() > 100 ? text.substring(0, 100) + "..." : text,
                where,
                name,
                expected));
  }
}
