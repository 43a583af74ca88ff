package io.shelfmark.benchmarks;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.ShelfReading;
import java.util.Arrays;
import java.util.Optional;

/** Copies a reading: what that allocates is what the reading weighs. */
final class ReadingCopy {

  private ReadingCopy() {}

  static ShelfReading of(ShelfReading reading) {
    PriceTag[] tags = new PriceTag[reading.tags().size()];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = copy(reading.tags().get(i));
    }
    return new ShelfReading(
        reading.source(), reading.width(), reading.height(), Arrays.asList(tags));
  }

  private static PriceTag copy(PriceTag tag) {
    return new PriceTag(
        copy(tag.detection()),
        price(tag.price()),
        price(tag.regularPrice()),
        tag.condition().isEmpty() ? Optional.empty() : condition(tag.condition().get()),
        tag.unit().isEmpty() ? Optional.empty() : same(tag.unit().get()),
        tag.discount().isEmpty() ? Optional.empty() : same(tag.discount().get()),
        tag.name().isEmpty() ? Optional.empty() : name(tag.name().get()),
        tag.barcode().isEmpty() ? Optional.empty() : barcode(tag.barcode().get()),
        tag.confidence());
  }

  private static Detection copy(Detection detection) {
    Outline outline = detection.outline();
    return new Detection(
        new Outline(
            copy(outline.topLeft()),
            copy(outline.topRight()),
            copy(outline.bottomRight()),
            copy(outline.bottomLeft())),
        detection.confidence());
  }

  private static Point copy(Point point) {
    return new Point(point.x(), point.y());
  }

  private static Optional<Recognized<Price>> price(Optional<Recognized<Price>> price) {
    if (price.isEmpty()) {
      return price;
    }
    Price value = price.get().value();
    return Optional.of(
        new Recognized<>(new Price(value.minor(), value.currency()), price.get().confidence()));
  }

  private static Optional<Recognized<PriceCondition>> condition(Recognized<PriceCondition> found) {
    PriceCondition value = found.value();
    return Optional.of(
        new Recognized<>(new PriceCondition(value.kind(), value.quantity()), found.confidence()));
  }

  private static <T> Optional<Recognized<T>> same(Recognized<T> found) {
    return Optional.of(new Recognized<>(found.value(), found.confidence()));
  }

  private static Optional<Recognized<String>> name(Recognized<String> found) {
    String copy = new String(found.value().toCharArray());
    return Optional.of(new Recognized<>(copy, found.confidence()));
  }

  private static Optional<Recognized<Barcode>> barcode(Recognized<Barcode> found) {
    Barcode value = found.value();
    return Optional.of(
        new Recognized<>(new Barcode(value.symbology(), value.text()), found.confidence()));
  }
}
