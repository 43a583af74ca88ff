package io.shelfmark.inference.parsing;

import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagField;
import java.util.List;
import java.util.Objects;

/**
 * A field of a tag and what the recognizer made of it. Immutable.
 *
 * @param field what the field detector found, and where
 * @param readings the ways to read it, the likeliest first; their confidences add up to 1 at most;
 *     empty when its text was not looked at
 */
public record FieldText(TagField field, List<TextReading> readings) {

  /** Copies the readings. */
  public FieldText {
    Objects.requireNonNull(field, "field");
    readings = List.copyOf(readings);
  }

  /** A field with one reading. */
  public static FieldText of(TagField field, String text, double confidence) {
    return new FieldText(field, List.of(new TextReading(text, confidence)));
  }

  boolean is(FieldKind kind) {
    return field.kind() == kind;
  }

  /** The likeliest text, or nothing at all. */
  String text() {
    return readings.isEmpty() ? "" : readings.get(0).text();
  }

  /** Confidence of the likeliest text; 0 without one. */
  double confidence() {
    return readings.isEmpty() ? 0 : readings.get(0).confidence();
  }
}
