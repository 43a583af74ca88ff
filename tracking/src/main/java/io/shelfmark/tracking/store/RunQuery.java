package io.shelfmark.tracking.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which runs to look for: {@code RunQuery.in("7").where(Field.metric("val/mAP50").atLeast(0.9))
 * .orderBy(Field.metric("val/mAP50").descending()).limit(10)}.
 *
 * <p>Attributes are {@code run_id}, {@code run_name}, {@code status}, {@code user_id}, {@code
 * start_time} and {@code end_time} (milliseconds since 1970), {@code artifact_uri}. By default:
 * every run that is active, the last begun first, 1,000 a page. Immutable and thread-safe.
 */
public final class RunQuery {

  /** Most items that a page may have. */
  public static final int MAX_LIMIT = 50_000;

  private final List<String> experiments;
  private final Filter filter;
  private final List<Order> order;
  private final Visibility visibility;
  private final int limit;
  private final Optional<String> page;

  private RunQuery(
      List<String> experiments,
      Filter filter,
      List<Order> order,
      Visibility visibility,
      int limit,
      Optional<String> page) {
    this.experiments = List.copyOf(experiments);
    this.filter = filter;
    this.order = List.copyOf(order);
    this.visibility = visibility;
    this.limit = limit;
    this.page = page;
  }

  /** Runs of experiments by their ids; of none when there are none. */
  public static RunQuery in(String... experimentIds) {
    return in(Arrays.asList(experimentIds));
  }

  /** Runs of experiments by their ids; of none when there are none. */
  public static RunQuery in(Collection<String> experimentIds) {
    return new RunQuery(
        List.copyOf(experimentIds),
        Filter.NONE,
        List.of(),
        Visibility.ACTIVE,
        1000,
        Optional.empty());
  }

  /** Adds conditions that must hold, too. */
  public RunQuery where(Condition... conditions) {
    return where(Filter.of(conditions));
  }

  /** Adds the conditions of a filter, for instance one that {@link Filter#parse} read. */
  public RunQuery where(Filter further) {
    List<Condition> conditions = new ArrayList<>(filter.conditions());
    conditions.addAll(further.conditions());
    return new RunQuery(experiments, new Filter(conditions), order, visibility, limit, page);
  }

  /** What comes first, in place of the last begun. */
  public RunQuery orderBy(Order... value) {
    return orderBy(Arrays.asList(value));
  }

  /** What comes first, in place of the last begun. */
  public RunQuery orderBy(List<Order> value) {
    return new RunQuery(experiments, filter, value, visibility, limit, page);
  }

  /** Which of the active and the deleted to look at. */
  public RunQuery visibility(Visibility value) {
    return new RunQuery(
        experiments, filter, order, Objects.requireNonNull(value, "value"), limit, page);
  }

  /**
   * Most runs of a page.
   *
   * @param value from 1 to {@link #MAX_LIMIT}
   * @throws InvalidRequestException when it is not
   */
  public RunQuery limit(int value) {
    requireLimit(value);
    return new RunQuery(experiments, filter, order, visibility, value, page);
  }

  /** The page that {@link Page#next()} of the page before names, of the same query. */
  public RunQuery at(String next) {
    return new RunQuery(experiments, filter, order, visibility, limit, Optional.of(next));
  }

  static void requireLimit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new InvalidRequestException(
          "Cannot search for %d items: expected 1 to %d a page".formatted(limit, MAX_LIMIT));
    }
  }

  /** Ids of the experiments whose runs are looked for. */
  public List<String> experiments() {
    return experiments;
  }

  /** Which runs. */
  public Filter filter() {
    return filter;
  }

  /** What comes first. */
  public List<Order> order() {
    return order;
  }

  /** Which of the active and the deleted. */
  public Visibility visibility() {
    return visibility;
  }

  /** Most runs of a page. */
  public int limit() {
    return limit;
  }

  /** Which page; the first when empty. */
  public Optional<String> page() {
    return page;
  }
}
