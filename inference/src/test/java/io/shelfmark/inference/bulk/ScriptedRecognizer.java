package io.shelfmark.inference.bulk;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.EngineInUse;
import io.shelfmark.inference.ExecutionProvider;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.PhotoOutcome;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Reads every photo as one tag whose price is the length of its name, unless a script says
 * otherwise; notes how often it was asked for each.
 */
final class ScriptedRecognizer implements PriceTagRecognizer {

  private static final Currency RUB = Currency.getInstance("RUB");

  /** How often each photo was asked for, by the last part of its name. */
  final Map<String, Integer> asked = new ConcurrentHashMap<>();

  private final Function<ShelfPhoto, CompletableFuture<ShelfReading>> script;

  ScriptedRecognizer() {
    this(photo -> CompletableFuture.completedFuture(reading(photo)));
  }

  ScriptedRecognizer(Function<ShelfPhoto, CompletableFuture<ShelfReading>> script) {
    this.script = script;
  }

  static ShelfReading reading(ShelfPhoto photo) {
    PriceTag tag =
        PriceTag.builder(new Detection(Outline.of(new Box(1, 2, 30, 20)), 0.5))
            .price(new Recognized<>(new Price(name(photo).length(), RUB), 0.75))
            .build();
    return new ShelfReading(photo.name(), 100, 50, List.of(tag));
  }

  /** The last part of a photo's name. */
  static String name(ShelfPhoto photo) {
    return photo.name().substring(photo.name().lastIndexOf('/') + 1);
  }

  @Override
  public ShelfReading recognize(ShelfPhoto photo, ReadOptions options) {
    return recognizeAsync(photo).join();
  }

  @Override
  public CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo, ReadOptions options) {
    asked.merge(name(photo), 1, Integer::sum);
    return script.apply(photo);
  }

  @Override
  public List<PhotoOutcome> recognizeAll(Collection<ShelfPhoto> photos) {
    throw new UnsupportedOperationException();
  }

  @Override
  public EngineInUse engine() {
    return EngineInUse.of(ExecutionProvider.CPU);
  }

  @Override
  public void close() {}
}
