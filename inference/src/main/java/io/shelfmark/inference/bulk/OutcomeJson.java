package io.shelfmark.inference.bulk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.ShelfReading;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;

/**
 * Outcomes as lines of JSON, in the format of docs/bulk.md; what was not read is left out. What
 * tells whether a photo is done stands before its tags, so that it is found without reading them.
 */
final class OutcomeJson {

  /** The format's version: a reader refuses a later one. */
  static final int VERSION = 1;

  /** What every line begins with. */
  static final byte[] BEGINNING = ("{\"v\":" + VERSION + ",\"file\":\"").getBytes(US_ASCII);

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final double CONFIDENCE_STEPS = 10_000;
  private static final double PIXEL_STEPS = 100;

  private final JsonGenerator json;

  private OutcomeJson(JsonGenerator json) {
    this.json = json;
  }

  /** Writes a line with its line feed; the stream stays open. */
  static void write(BulkOutcome outcome, OutputStream out) throws IOException {
    try (JsonGenerator json =
        FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      new OutcomeJson(json).outcome(outcome);
      json.writeRaw('\n');
    }
  }

  private void outcome(BulkOutcome outcome) throws IOException {
    json.writeStartObject();
    json.writeNumberField("v", VERSION);
    json.writeStringField("file", encodable(outcome.file()));
    json.writeNumberField("bytes", outcome.bytes());
    json.writeStringField("modified", outcome.modified().toString());
    json.writeStringField("read_at", outcome.readAt().toString());
    if (outcome.readBy().isPresent()) {
      json.writeStringField("read_by", encodable(outcome.readBy().get()));
    }
    if (outcome.failure().isPresent()) {
      PhotoFailure failure = outcome.failure().get();
      json.writeStringField("error_kind", failure.kind().name().toLowerCase(Locale.ROOT));
      json.writeStringField("error", encodable(failure.message()));
    }
    if (outcome.reading().isPresent()) {
      reading(outcome.reading().get());
    }
    json.writeEndObject();
  }

  private void reading(ShelfReading reading) throws IOException {
    json.writeNumberField("width", reading.width());
    json.writeNumberField("height", reading.height());
    json.writeArrayFieldStart("tags");
    for (PriceTag tag : reading.tags()) {
      tag(tag);
    }
    json.writeEndArray();
  }

  private void tag(PriceTag tag) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("corners");
    for (Point corner : tag.detection().outline().corners()) {
      json.writeArray(
          new double[] {round(corner.x(), PIXEL_STEPS), round(corner.y(), PIXEL_STEPS)}, 0, 2);
    }
    json.writeEndArray();
    json.writeNumberField("score", round(tag.detection().confidence(), CONFIDENCE_STEPS));
    price("price", tag.price());
    price("regular_price", tag.regularPrice());
    if (tag.condition().isPresent()) {
      PriceCondition condition = tag.condition().get().value();
      json.writeObjectFieldStart("condition");
      json.writeStringField("kind", condition.kind().name().toLowerCase(Locale.ROOT));
      json.writeNumberField("quantity", condition.quantity());
      confidence("confidence", tag.condition().get());
      json.writeEndObject();
    }
    texts(tag);
    json.writeNumberField("confidence", round(tag.confidence(), CONFIDENCE_STEPS));
    json.writeEndObject();
  }

  private void texts(PriceTag tag) throws IOException {
    if (tag.unit().isPresent()) {
      json.writeStringField("unit", tag.unit().get().value().symbol());
      confidence("unit_confidence", tag.unit().get());
    }
    if (tag.discount().isPresent()) {
      json.writeNumberField("discount", tag.discount().get().value());
      confidence("discount_confidence", tag.discount().get());
    }
    if (tag.name().isPresent()) {
      json.writeObjectFieldStart("name");
      json.writeStringField("text", encodable(tag.name().get().value()));
      confidence("confidence", tag.name().get());
      json.writeEndObject();
    }
    if (tag.barcode().isPresent()) {
      Barcode barcode = tag.barcode().get().value();
      json.writeStringField("barcode", encodable(barcode.text()));
      json.writeStringField("barcode_kind", barcode.symbology().name());
      confidence("barcode_confidence", tag.barcode().get());
    }
  }

  private void price(String key, Optional<Recognized<Price>> price) throws IOException {
    if (price.isPresent()) {
      json.writeObjectFieldStart(key);
      json.writeStringField("amount", price.get().value().amount().toPlainString());
      json.writeNumberField("minor", price.get().value().minor());
      json.writeStringField("currency", price.get().value().currency().getCurrencyCode());
      confidence("confidence", price.get());
      json.writeEndObject();
    }
  }

  private void confidence(String key, Recognized<?> recognized) throws IOException {
    json.writeNumberField(key, round(recognized.confidence(), CONFIDENCE_STEPS));
  }

  /**
   * The text with a question mark for each half of a character, which names of files on Windows may
   * have and no UTF-8 can: as the index of names and marks has them.
   */
  private static String encodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return new String(text.getBytes(UTF_8), UTF_8);
      }
    }
    return text;
  }

  private static double round(double value, double steps) {
    return Math.round(value * steps) / steps;
  }
}
