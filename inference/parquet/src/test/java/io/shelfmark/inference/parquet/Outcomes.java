package io.shelfmark.inference.parquet;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.bulk.BulkOutcome;
import io.shelfmark.inference.bulk.PhotoFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Outcomes by number: the same number gives the same one. */
final class Outcomes {

  static final Instant MODIFIED = Instant.parse("2025-01-31T10:15:30.123456Z");
  private static final String[] CURRENCIES = {"RUB", "RUB", "RUB", "JPY", "KWD"};

  private Outcomes() {}

  /** Every tenth failed; the others have 0 to 12 tags with or without each field. */
  static BulkOutcome of(int number) {
    Random random = new Random(number);
    boolean failed = number % 10 == 9;
    String file = "магазин-%d/%d.jpg".formatted(number % 7, number);
    return new BulkOutcome(
        file,
        1_000L * number,
        MODIFIED.plusSeconds(number),
        MODIFIED.plusSeconds(100_000 + number),
        number % 2 == 0 ? Optional.of("models 1") : Optional.empty(),
        failed
            ? Optional.empty()
            : Optional.of(new ShelfReading(file, 3000, 4000, tags(random, random.nextInt(13)))),
        failed
            ? Optional.of(new PhotoFailure(PhotoFailure.Kind.UNREADABLE, "noise"))
            : Optional.empty());
  }

  private static List<PriceTag> tags(Random random, int count) {
    List<PriceTag> tags = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tags.add(tag(random));
    }
    return tags;
  }

  private static PriceTag tag(Random random) {
    PriceTag.Builder tag =
        PriceTag.builder(
            new Detection(
                new Outline(point(random), point(random), point(random), point(random)),
                random.nextDouble()));
    if (random.nextInt(5) > 0) {
      tag.price(recognized(price(random), random));
    }
    if (random.nextBoolean()) {
      tag.regularPrice(recognized(price(random), random));
      tag.discount(recognized(random.nextInt(100), random));
    }
    if (random.nextBoolean()) {
      tag.condition(recognized(PriceCondition.quantity(2 + random.nextInt(5)), random));
      tag.unit(recognized(SaleUnit.values()[random.nextInt(4)], random));
    }
    if (random.nextBoolean()) {
      tag.name(recognized("Молоко №" + random.nextInt(1_000), random));
      tag.barcode(
          recognized(new Barcode(Barcode.Symbology.EAN_13, "46" + random.nextInt(9)), random));
    }
    return tag.build();
  }

  private static Price price(Random random) {
    return new Price(
        random.nextInt(10_000_000), Currency.getInstance(CURRENCIES[random.nextInt(5)]));
  }

  private static Point point(Random random) {
    return new Point(random.nextInt(300_000) / 100.0, random.nextInt(400_000) / 100.0);
  }

  private static <T> Recognized<T> recognized(T value, Random random) {
    return new Recognized<>(value, random.nextInt(10_001) / 10_000.0);
  }
}
