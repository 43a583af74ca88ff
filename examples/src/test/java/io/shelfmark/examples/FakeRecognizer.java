package io.shelfmark.examples;

import io.shelfmark.inference.EngineInUse;
import io.shelfmark.inference.ExecutionProvider;
import io.shelfmark.inference.PhotoOutcome;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.UnreadablePhotoException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Answers with prepared readings by the end of the photo's name; any other photo cannot be read.
 */
final class FakeRecognizer implements PriceTagRecognizer {

  private record Answer(int width, int height, List<PriceTag> tags) {}

  private final Map<String, Answer> answers = new HashMap<>();

  FakeRecognizer answer(String end, int width, int height, PriceTag... tags) {
    answers.put(end, new Answer(width, height, List.of(tags)));
    return this;
  }

  @Override
  public ShelfReading recognize(ShelfPhoto photo, ReadOptions options) {
    return answers.entrySet().stream()
        .filter(entry -> photo.name().endsWith(entry.getKey()))
        .findFirst()
        .map(Map.Entry::getValue)
        .map(
            answer ->
                new ShelfReading(photo.name(), answer.width(), answer.height(), answer.tags()))
        .orElseThrow(
            () ->
                new UnreadablePhotoException(
                    "Cannot read photo " + photo + ": found <no> picture"));
  }

  @Override
  public CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo, ReadOptions options) {
    try {
      return CompletableFuture.completedFuture(recognize(photo));
    } catch (UnreadablePhotoException e) {
      return CompletableFuture.failedFuture(e);
    }
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
