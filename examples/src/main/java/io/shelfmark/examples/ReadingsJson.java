package io.shelfmark.examples;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.ShelfReading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The readings as JSON: an array with one object per photo, written as photos come. What was not
 * read is left out. Not thread-safe.
 */
final class ReadingsJson implements AutoCloseable {

  private static final double CONFIDENCE_STEPS = 10_000;
  private static final double PIXEL_STEPS = 100;

  private final JsonGenerator json;

  ReadingsJson(Path file) throws IOException {
    json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8);
    json.setPrettyPrinter(
        new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n")));
    json.writeStartArray();
  }

  void reading(String file, ShelfReading reading) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", file);
    json.writeNumberField("width", reading.width());
    json.writeNumberField("height", reading.height());
    json.writeArrayFieldStart("tags");
    for (PriceTag tag : reading.tags()) {
      tag(tag);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  void failure(String file, String message) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", file);
    json.writeStringField("error", message);
    json.writeEndObject();
  }

  private void tag(PriceTag tag) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("corners");
    for (Point corner : tag.detection().outline().corners()) {
      json.writeArray(
          new double[] {round(corner.x(), PIXEL_STEPS), round(corner.y(), PIXEL_STEPS)}, 0, 2);
    }
    json.writeEndArray();
    price("price", tag.price());
    price("regular_price", tag.regularPrice());
    if (tag.condition().isPresent()) {
      json.writeObjectFieldStart("condition");
      json.writeStringField(
          "kind", tag.condition().get().value().kind().name().toLowerCase(Locale.ROOT));
      json.writeNumberField("quantity", tag.condition().get().value().quantity());
      confidence("confidence", tag.condition().get());
      json.writeEndObject();
    }
    if (tag.unit().isPresent()) {
      json.writeStringField("unit", TagText.unit(tag));
      confidence("unit_confidence", tag.unit().get());
    }
    if (tag.discount().isPresent()) {
      json.writeNumberField("discount", tag.discount().get().value());
      confidence("discount_confidence", tag.discount().get());
    }
    if (tag.name().isPresent()) {
      json.writeObjectFieldStart("name");
      json.writeStringField("text", tag.name().get().value());
      confidence("confidence", tag.name().get());
      json.writeEndObject();
    }
    if (tag.barcode().isPresent()) {
      json.writeStringField("barcode", TagText.barcode(tag));
      json.writeStringField("barcode_kind", tag.barcode().get().value().symbology().name());
      confidence("barcode_confidence", tag.barcode().get());
    }
    json.writeNumberField("confidence", round(tag.confidence(), CONFIDENCE_STEPS));
    json.writeEndObject();
  }

  private void price(String key, Optional<Recognized<Price>> price) throws IOException {
    if (price.isPresent()) {
      json.writeObjectFieldStart(key);
      json.writeNumberField("minor", price.get().value().minor());
      json.writeStringField("currency", price.get().value().currency().getCurrencyCode());
      confidence("confidence", price.get());
      json.writeEndObject();
    }
  }

  private void confidence(String key, Recognized<?> recognized) throws IOException {
    json.writeNumberField(key, round(recognized.confidence(), CONFIDENCE_STEPS));
  }

  private static double round(double value, double steps) {
    return Math.round(value * steps) / steps;
  }

  @Override
  public void close() throws IOException {
    json.writeEndArray();
    json.writeRaw('\n');
    json.close();
  }
}
