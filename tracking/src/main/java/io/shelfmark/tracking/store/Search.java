package io.shelfmark.tracking.store;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What to look for among experiments, registered models, their versions or logged models.
 *
 * @param filter which to find; the fields are those that the searching method names
 * @param order what comes first; the method's own order when empty
 * @param visibility whether deleted ones are looked at, where they can be
 * @param limit most items of a page, from 1 to 50,000
 * @param page which page, as {@link Page#next()} names it; the first when empty
 */
public record Search(
    Filter filter, List<Order> order, Visibility visibility, int limit, Optional<String> page) {

  /**
   * @throws InvalidRequestException when the limit is out of its range
   */
  public Search {
    Objects.requireNonNull(filter, "filter");
    order = List.copyOf(order);
    Objects.requireNonNull(visibility, "visibility");
    Objects.requireNonNull(page, "page");
    RunQuery.requireLimit(limit);
  }

  /** All that are active, 1,000 a page. */
  public static Search all() {
    return new Search(Filter.NONE, List.of(), Visibility.ACTIVE, 1000, Optional.empty());
  }

  /** The same for what a filter finds. */
  public static Search where(Filter filter) {
    return new Search(filter, List.of(), Visibility.ACTIVE, 1000, Optional.empty());
  }

  /** The same on another page. */
  public Search at(String next) {
    return new Search(filter, order, visibility, limit, Optional.of(next));
  }
}
