package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.store.Condition;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.Filter;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.Operator;
import io.shelfmark.tracking.store.Order;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Writes filters and orders so that every MLflow server reads them: the names of attributes stand
 * bare, since the searches for experiments and models know no {@code attributes.} and no quotes
 * around them, and numbers without an exponent where they can. Source: mlflow/utils/search_utils.py
 * of MLflow 2.16.
 */
final class WireFilter {

  private static final Set<String> RUN_ID_ATTRIBUTES = Set.of("run_id", "source_run_id");
  private static final double LAST_EXACT = 1L << 53;

  private final UnaryOperator<String> runIds;

  /** What turns the caller's ids of runs into the server's. */
  WireFilter(UnaryOperator<String> runIds) {
    this.runIds = runIds;
  }

  String write(Filter filter) {
    return filter.conditions().stream().map(this::condition).collect(Collectors.joining(" AND "));
  }

  static List<String> orders(List<Order> orders) {
    return orders.stream()
        .map(order -> field(order.field()) + " " + order.direction().word())
        .toList();
  }

  private String condition(Condition condition) {
    String left = field(condition.field()) + " " + condition.operator().sign();
    boolean isRunId = isRunId(condition.field());
    return switch (condition.operator()) {
      case MISSING, PRESENT -> left;
      case IN, NOT_IN ->
          condition.values().stream()
              .map(value -> literal(value, isRunId))
              .collect(Collectors.joining(", ", left + " (", ")"));
      default -> left + " " + literal(condition.value(), isRunId && isEquality(condition));
    };
  }

  private static boolean isEquality(Condition condition) {
    return condition.operator() == Operator.EQUAL || condition.operator() == Operator.NOT_EQUAL;
  }

  private static boolean isRunId(Field field) {
    return switch (field.kind()) {
      case ATTRIBUTE -> RUN_ID_ATTRIBUTES.contains(field.key());
      case TAG -> field.key().equals(NewRun.PARENT_TAG);
      default -> false;
    };
  }

  private static String field(Field field) {
    String key = field.key();
    if (field.kind() == Field.Kind.ATTRIBUTE) {
      return key;
    }
    if (key.indexOf('`') < 0) {
      return field.kind().word() + ".`" + key + "`";
    }
    if (key.indexOf('"') < 0) {
      return field.kind().word() + ".\"" + key + "\"";
    }
    throw new InvalidRequestException(
        "Cannot search by %s: found a back quote and a double quote in it, expected one of them at most (MLflow's grammar cannot write it)"
            .formatted(key));
  }

  private String literal(Object value, boolean isRunId) {
    if (value instanceof Number number) {
      return number(number.doubleValue());
    }
    String text = isRunId ? runIds.apply(value.toString()) : value.toString();
    if (text.indexOf('\'') < 0) {
      return "'" + text + "'";
    }
    if (text.indexOf('"') < 0) {
      return '"' + text + '"';
    }
    throw new InvalidRequestException(
        "Cannot search for %s: found both kinds of quotes in it, expected one at most (use LIKE with _ in their place)"
            .formatted(text));
  }

  private static String number(double value) {
    if (!Double.isFinite(value)) {
      throw new InvalidRequestException(
          "Cannot search for %s: expected a finite number (MLflow's grammar has no other)"
              .formatted(value));
    }
    if (value == Math.rint(value) && Math.abs(value) <= LAST_EXACT) {
      return Long.toString((long) value);
    }
    return BigDecimal.valueOf(value).toPlainString();
  }
}
