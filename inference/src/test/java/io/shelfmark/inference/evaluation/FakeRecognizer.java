package io.shelfmark.inference.evaluation;

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
import io.shelfmark.inference.UnreadablePhotoException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Answers with prepared tags by the photo's name; a photo without any answer cannot be read. */
final class FakeRecognizer implements PriceTagRecognizer {

  static final Currency RUB = Currency.getInstance("RUB");

  final List<ShelfPhoto> seen = new ArrayList<>();
  private final Map<String, List<PriceTag>> answers = new HashMap<>();

  FakeRecognizer answer(String photo, PriceTag... tags) {
    answers.put(photo, List.of(tags));
    return this;
  }

  static PriceTag.Builder tag(double left, double top, double right, double bottom) {
    return PriceTag.builder(new Detection(Outline.of(new Box(left, top, right, bottom)), 0.5));
  }

  static Recognized<Price> rub(long minor, double confidence) {
    return new Recognized<>(new Price(minor, RUB), confidence);
  }

  @Override
  public ShelfReading recognize(ShelfPhoto photo, ReadOptions options) {
    seen.add(photo);
    List<PriceTag> tags = answers.get(photo.name());
    if (tags == null) {
      throw new UnreadablePhotoException("Cannot read photo " + photo + ": found no picture");
    }
    return new ShelfReading(photo.name(), 100, 100, tags);
  }

  @Override
  public CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo, ReadOptions options) {
    return CompletableFuture.completedFuture(recognize(photo));
  }

  @Override
  public List<PhotoOutcome> recognizeAll(Collection<ShelfPhoto> photos) {
    return photos.stream()
        .map(photo -> new PhotoOutcome(photo, Optional.of(recognize(photo)), Optional.empty()))
        .toList();
  }

  @Override
  public EngineInUse engine() {
    return EngineInUse.of(ExecutionProvider.CPU);
  }

  @Override
  public void close() {}
}
