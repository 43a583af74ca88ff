package io.shelfmark.inference.rollout;

import io.shelfmark.inference.ShelfPhoto;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a version reads before it takes traffic: the host's photos, or the one that was read last
 * where it gave none. Thread-safe.
 */
final class WarmUp {

  private final List<ShelfPhoto> given;
  private volatile @Nullable ShelfPhoto last;

  WarmUp(List<ShelfPhoto> given) {
    this.given = given;
  }

  /** A photo has been read. */
  void seen(ShelfPhoto photo) {
    last = photo;
  }

  List<ShelfPhoto> photos() {
    ShelfPhoto seen = last;
    return given.isEmpty() && seen != null ? List.of(seen) : given;
  }
}
