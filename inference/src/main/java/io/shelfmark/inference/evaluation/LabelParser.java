package io.shelfmark.inference.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One row of a labels file as records. Complains with an {@link IllegalArgumentException} that says
 * what it found.
 */
final class LabelParser {

  private static final String DEFAULT_CURRENCY = "RUB";

  private final boolean generated;
  private final Optional<LabeledPhoto.Size> size;

  private LabelParser(JsonNode row) {
    this.generated = row.path("source").asText("").equals("generated");
    this.size = size(row.path("natural_size"));
  }

  static LabeledPhoto photo(JsonNode row, Path folder) {
    String file = row.path("file").asText("");
    if (file.isEmpty()) {
      throw new IllegalArgumentException("found no 'file', expected the photo's path");
    }
    LabelParser parser = new LabelParser(row);
    List<LabeledTag> tags = new ArrayList<>();
    row.path("tags").forEach(tag -> tags.add(parser.tag(tag)));
    return new LabeledPhoto(
        file,
        folder.resolve(file),
        text(row, "chain"),
        text(row, "group"),
        parser.size,
        tags,
        List.of(),
        parser.generated);
  }

  private LabeledTag tag(JsonNode tag) {
    Optional<Box> priceBox = box(tag.path("price_box"));
    Optional<Outline> outline = outline(tag.path("corners"));
    Point anchor =
        priceBox
            .map(Box::center)
            .or(() -> outline.map(LabelParser::middle))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "found a tag without price_box and corners, expected one of them"));
    Legibility legibility = legibility(tag, "price_legibility");
    boolean hard = legibility == Legibility.HARD || !tag.path("readable").asBoolean(true);
    boolean truncated = tag.path("truncated").asBoolean(false);
    Currency currency = currency(tag);
    Optional<LabeledPrice> regular =
        price(tag, "old_rub", "old_kop", currency, legibility(tag, "old_legibility"));
    return new LabeledTag(
        tag.path("main").asBoolean(false),
        !hard && !truncated,
        hard,
        anchor,
        priceBox,
        outline,
        price(tag, "rub", "kop", currency, legibility),
        regular,
        box(tag.path("old_box")),
        regular.isPresent() || !tag.has("old_box"),
        name(tag),
        box(tag.path("name_box")),
        LabeledFields.condition(tag, generated),
        LabeledFields.unit(tag, generated),
        LabeledFields.discount(tag),
        LabeledFields.barcode(tag),
        text(tag, "layout"));
  }

  /** A generated price without minor part is printed without it: its minor part is zero. */
  private Optional<LabeledPrice> price(
      JsonNode tag, String majorKey, String minorKey, Currency currency, Legibility legibility) {
    Optional<String> major =
        text(tag, majorKey).map(text -> text.replaceAll("[\\s\\u00a0\\u202f]", ""));
    if (major.isEmpty()) {
      return Optional.empty();
    }
    int digits = Math.max(0, currency.getDefaultFractionDigits());
    Optional<String> minor =
        digits == 0
            ? Optional.empty()
            : text(tag, minorKey).or(() -> generated ? Optional.of("0") : Optional.empty());
    try {
      OptionalLong value =
          minor
              .map(
                  text ->
                      OptionalLong.of(
                          Long.parseLong(text + "0".repeat(Math.max(0, digits - text.length())))))
              .orElse(OptionalLong.empty());
      return Optional.of(
          new LabeledPrice(Long.parseLong(major.get()), value, currency, legibility));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "found %s '%s' and %s '%s', expected digits"
              .formatted(majorKey, major.get(), minorKey, minor.orElse("")),
          e);
    }
  }

  private static Optional<LabeledName> name(JsonNode tag) {
    List<String> lines = new ArrayList<>();
    tag.path("name_lines").forEach(line -> lines.add(line.asText()));
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new LabeledName(
                lines,
                legibility(tag, "name_legibility"),
                tag.path("name_inferred").asBoolean(false)));
  }

  private static Currency currency(JsonNode tag) {
    String code = text(tag, "currency").orElse(DEFAULT_CURRENCY).toUpperCase(Locale.ROOT);
    try {
      return Currency.getInstance(code);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "found currency '%s', expected an ISO 4217 code such as RUB".formatted(code), e);
    }
  }

  private static Legibility legibility(JsonNode tag, String key) {
    String text = text(tag, key).orElse("good");
    for (Legibility value : Legibility.values()) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "found %s '%s', expected good, fair or hard".formatted(key, text));
  }

  static Optional<Box> box(JsonNode node) {
    if (!node.isArray() || node.size() != 4) {
      return Optional.empty();
    }
    return Optional.of(
        new Box(
            node.get(0).asDouble(),
            node.get(1).asDouble(),
            node.get(2).asDouble(),
            node.get(3).asDouble()));
  }

  private Optional<Outline> outline(JsonNode node) {
    if (!node.isArray() || node.size() != 4 || size.isEmpty()) {
      return Optional.empty();
    }
    Point[] corners = new Point[4];
    for (int i = 0; i < 4; i++) {
      JsonNode corner = node.get(i);
      corners[i] =
          new Point(
              corner.path(0).asDouble() / size.get().width(),
              corner.path(1).asDouble() / size.get().height());
    }
    return Optional.of(new Outline(corners[0], corners[1], corners[2], corners[3]));
  }

  static Point middle(Outline outline) {
    double x = 0;
    double y = 0;
    for (Point corner : outline.corners()) {
      x += corner.x() / 4;
      y += corner.y() / 4;
    }
    return new Point(x, y);
  }

  private static Optional<LabeledPhoto.Size> size(JsonNode node) {
    return node.isArray() && node.size() == 2
        ? Optional.of(new LabeledPhoto.Size(node.get(0).asInt(), node.get(1).asInt()))
        : Optional.empty();
  }

  private static Optional<String> text(JsonNode node, String key) {
    JsonNode value = node.path(key);
    return value.isMissingNode() || value.isNull() || value.asText().isBlank()
        ? Optional.empty()
        : Optional.of(value.asText().strip());
  }
}
