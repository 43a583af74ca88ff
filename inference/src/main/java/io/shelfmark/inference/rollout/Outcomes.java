package io.shelfmark.inference.rollout;

import io.shelfmark.inference.OverloadException;
import io.shelfmark.inference.PhotoOutcome;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** What became of photos that are read one by one. */
final class Outcomes {

  private Outcomes() {}

  /** Has a photo read; what is thrown fails that photo alone. */
  static CompletableFuture<ShelfReading> attempt(
      Function<ShelfPhoto, CompletableFuture<ShelfReading>> how, ShelfPhoto photo) {
    try {
      return how.apply(photo);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Whether a photo was not taken for lack of room. */
  static boolean refused(CompletableFuture<ShelfReading> pending) {
    if (!pending.isCompletedExceptionally()) {
      return false;
    }
    try {
      pending.getNow(null);
      return false;
    } catch (CompletionException e) {
      return e.getCause() instanceof OverloadException;
    } catch (CancellationException e) {
      return false;
    }
  }

  /** Waits for all; an interrupted caller gets failures for those that are not done. */
  static List<PhotoOutcome> await(
      List<ShelfPhoto> photos, List<CompletableFuture<ShelfReading>> pending) {
    List<PhotoOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < photos.size(); i++) {
      outcomes.add(await(photos.get(i), pending.get(i)));
    }
    return outcomes;
  }

  private static PhotoOutcome await(ShelfPhoto photo, CompletableFuture<ShelfReading> pending) {
    try {
      return new PhotoOutcome(photo, Optional.of(pending.get()), Optional.empty());
    } catch (InterruptedException e) {
      pending.cancel(false);
      Thread.currentThread().interrupt();
      return failed(
          photo,
          new IllegalStateException(
              "Cannot read photo " + photo + ": the caller was interrupted", e));
    } catch (ExecutionException e) {
      return failed(
          photo,
          e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(
                  "Cannot read photo " + photo + ": " + e.getCause(), e.getCause()));
    }
  }

  private static PhotoOutcome failed(ShelfPhoto photo, RuntimeException failure) {
    return new PhotoOutcome(photo, Optional.empty(), Optional.of(failure));
  }
}
