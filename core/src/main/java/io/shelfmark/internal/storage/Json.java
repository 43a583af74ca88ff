package io.shelfmark.internal.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON documents of a store, each with the number of its format first. Fields that a reader
 * does not know are ignored; another number is refused.
 */
public final class Json {

  /** The format that this version writes and reads. */
  public static final int FORMAT = 1;

  private static final ObjectMapper MAPPER = new ObjectMapper(factory());

  private Json() {}

  /** For documents of our own: Jackson would write texts of more than 20 MB, but not read them. */
  public static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
        .build();
  }

  /** A new document. */
  public static ObjectNode document() {
    return JsonNodeFactory.instance.objectNode().put("format", FORMAT);
  }

  /** A document as bytes. */
  public static byte[] bytes(JsonNode document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes can be written", e);
    }
  }

  /**
   * Reads a document.
   *
   * @param what names it in messages
   * @throws StorageException when it is no document of this format
   */
  public static JsonNode parse(byte[] bytes, Object what) {
    JsonNode document;
    try {
      document = MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot read %s: found broken JSON, expected a document of format %d (restore it from another copy)"
              .formatted(what, FORMAT),
          e);
    }
    int format = document.path("format").asInt(0);
    if (format != FORMAT) {
      throw new StorageException(
          "Cannot read %s: found format %d, expected format %d (use the version of Shelfmark that wrote it)"
              .formatted(what, format, FORMAT));
    }
    return document;
  }

  /** A text that must be there. */
  public static String text(JsonNode document, String field, Object what) {
    JsonNode value = document.path(field);
    if (!value.isTextual()) {
      throw new StorageException(
          "Cannot read %s: found no text %s, expected one (restore it from another copy)"
              .formatted(what, field));
    }
    return value.textValue();
  }

  /** A text that may be missing. */
  public static Optional<String> optionalText(JsonNode document, String field) {
    return Optional.ofNullable(document.path(field).textValue());
  }

  /** An object of texts; empty when it is missing. */
  public static Map<String, String> texts(JsonNode document, String field) {
    Map<String, String> texts = new LinkedHashMap<>();
    document
        .path(field)
        .properties()
        .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }
}
