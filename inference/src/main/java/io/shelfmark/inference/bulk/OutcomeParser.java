package io.shelfmark.inference.bulk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.ShelfReading;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Lines of JSON as outcomes. Complains of what is no outcome with an {@link
 * IllegalArgumentException} that says what it found, or with Jackson's exceptions.
 */
final class OutcomeParser {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFactory FACTORY = new JsonFactory();

  private OutcomeParser() {}

  /**
   * What tells whether a photo is done.
   *
   * @param file its name
   * @param mark of the state of its content that was read; without value when it is to be read
   *     again
   */
  record Header(String file, long mark) {}

  /** Everything of a line. */
  static BulkOutcome outcome(byte[] bytes, int start, int end) throws IOException {
    JsonNode row = MAPPER.readTree(bytes, start, end - start);
    requireVersion(row.path("v").asInt(0));
    String file = text(row, "file");
    Optional<PhotoFailure> failure =
        row.has("error_kind")
            ? Optional.of(
                new PhotoFailure(kind(text(row, "error_kind")), row.path("error").asText("")))
            : Optional.empty();
    return new BulkOutcome(
        file,
        number(row, "bytes"),
        instant(text(row, "modified")),
        instant(text(row, "read_at")),
        row.has("read_by") ? Optional.of(text(row, "read_by")) : Optional.empty(),
        failure.isPresent() ? Optional.empty() : Optional.of(reading(file, row)),
        failure);
  }

  private static ShelfReading reading(String file, JsonNode row) {
    if (!row.path("tags").isArray()) {
      throw new IllegalArgumentException("found neither 'tags' nor 'error_kind', expected one");
    }
    List<PriceTag> tags = new ArrayList<>();
    row.path("tags").forEach(tag -> tags.add(TagParsing.tag(tag)));
    return new ShelfReading(
        file, Math.toIntExact(number(row, "width")), Math.toIntExact(number(row, "height")), tags);
  }

  /** The head of a line; of its tags nothing is read when they stand behind the rest. */
  static Header header(byte[] bytes, int start, int end) throws IOException {
    String file = "";
    long size = -1;
    String modified = "";
    String readBy = "";
    String kind = "";
    boolean tags = false;
    int version = 0;
    try (JsonParser json = FACTORY.createParser(bytes, start, end - start)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("found " + json.currentToken() + ", expected an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "v" -> version = json.getIntValue();
          case "file" -> file = json.getText();
          case "bytes" -> size = json.getLongValue();
          case "modified" -> modified = json.getText();
          case "read_by" -> readBy = json.getText();
          case "error_kind" -> kind = json.getText();
          case "tags" -> tags = true;
          default -> json.skipChildren();
        }
        boolean complete = version != 0 && !file.isEmpty() && size >= 0 && !modified.isEmpty();
        if (complete && tags) {
          break;
        }
        json.skipChildren();
      }
    }
    requireVersion(version);
    if (file.isEmpty() || size < 0 || (!tags && kind.isEmpty()) || bytes[end - 1] != '}') {
      throw new IllegalArgumentException(
          "found no whole object with v, file, bytes, modified and tags or error_kind, expected one");
    }
    boolean again = !kind.isEmpty() && kind(kind) != PhotoFailure.Kind.UNREADABLE;
    return new Header(file, again ? AGAIN : mark(size, instant(modified), readBy));
  }

  /** Of a photo that is to be read again whatever its state. */
  static final long AGAIN = Long.MAX_VALUE;

  /** 64 bits that stand for a state of a photo's content and for what reads it. */
  static long mark(long bytes, Instant modified, String readBy) {
    long mark = LineIndex.mark(bytes + " " + modified + " " + readBy);
    return mark == AGAIN ? 0 : mark;
  }

  private static void requireVersion(int version) {
    if (version > OutcomeJson.VERSION) {
      throw new IllegalArgumentException(
          "found version %d, expected 1 to %d: a later version of the library wrote it"
              .formatted(version, OutcomeJson.VERSION));
    }
    if (version < 1) {
      throw new IllegalArgumentException("found no version 'v' of 1 or more, expected one");
    }
  }

  private static PhotoFailure.Kind kind(String text) {
    return PhotoFailure.Kind.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "found time '%s', expected one such as 2025-01-31T10:15:30Z".formatted(text), e);
    }
  }

  static String text(JsonNode row, String key) {
    JsonNode value = row.path(key);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("found no text '%s', expected one".formatted(key));
    }
    return value.textValue();
  }

  static long number(JsonNode row, String key) {
    JsonNode value = row.path(key);
    if (!value.canConvertToLong()) {
      throw new IllegalArgumentException("found no number '%s', expected one".formatted(key));
    }
    return value.longValue();
  }
}
