package io.shelfmark.tracking.store;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Some of what a search found, in its order.
 *
 * @param items of this page; may be fewer than were asked for
 * @param next what to ask the next page with; empty after the last one
 */
public record Page<T>(List<T> items, Optional<String> next) {

  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
    Objects.requireNonNull(next, "next");
  }

  /** A page that is the last one. */
  public static <T> Page<T> last(List<T> items) {
    return new Page<>(items, Optional.empty());
  }
}
