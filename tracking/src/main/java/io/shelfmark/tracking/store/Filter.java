package io.shelfmark.tracking.store;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Conditions that must all hold. Immutable and thread-safe.
 *
 * <p>{@link #parse} takes MLflow's grammar: comparisons joined by AND, such as {@code
 * metrics.`val/mAP50` >= 0.9 AND params.optimizer = 'adam' AND tags.store LIKE '42%'}. Numbers
 * stand bare, texts in single or double quotes, keys bare or in back quotes or double quotes. The
 * singular {@code metric.}, {@code param.}, {@code tag.} and {@code attr.} are taken, too; a key
 * without a prefix is an attribute. Source: MLflow, Search Runs (mlflow.org/docs, "Search syntax").
 *
 * @param conditions in their order
 */
public record Filter(List<Condition> conditions) {

  /** Finds everything. */
  public static final Filter NONE = new Filter(List.of());

  /** Copies the conditions. */
  public Filter {
    conditions = List.copyOf(conditions);
  }

  /** Conditions that must all hold. */
  public static Filter of(Condition... conditions) {
    return new Filter(Arrays.asList(conditions));
  }

  /**
   * Reads a filter; an empty one finds everything.
   *
   * @throws InvalidRequestException when it is not one, saying where
   */
  public static Filter parse(String text) {
    return FilterParser.filter(text);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return conditions.stream().map(Condition::toString).collect(Collectors.joining(" AND "));
  }
}
