package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.Condition;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Operator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A filter's conditions as SQL. */
final class Conditions {

  private static final Set<Operator> FOR_NUMBERS =
      EnumSet.of(
          Operator.EQUAL,
          Operator.NOT_EQUAL,
          Operator.GREATER,
          Operator.GREATER_OR_EQUAL,
          Operator.LESS,
          Operator.LESS_OR_EQUAL);

  private static final Set<Operator> FOR_TEXTS =
      EnumSet.of(
          Operator.EQUAL,
          Operator.NOT_EQUAL,
          Operator.LIKE,
          Operator.ILIKE,
          Operator.IN,
          Operator.NOT_IN);

  /** Longer than any text that is kept; SQLite takes patterns up to 50,000 bytes. */
  private static final int LONGEST_PATTERN = 10_000;

  private Conditions() {}

  static void add(
      SearchTable table,
      List<Condition> conditions,
      Dialect dialect,
      List<String> where,
      List<Object> params) {
    for (Condition condition : conditions) {
      Field field = condition.field();
      switch (field.kind()) {
        case ATTRIBUTE -> {
          SearchTable.Column column = column(table, field);
          where.add(comparison(condition, column.expression(), column.isNumber(), dialect, params));
        }
        case DATASET -> where.add(dataset(table, condition, dialect, params));
        default -> where.add(detail(table, condition, dialect, params));
      }
    }
  }

  static SearchTable.Column column(SearchTable table, Field field) {
    SearchTable.Column column = table.attributes().get(field.key());
    if (column == null) {
      throw SearchPlan.unknownField(table, field);
    }
    return column;
  }

  static SearchTable.Details details(SearchTable table, Field field) {
    Optional<SearchTable.Details> details =
        switch (field.kind()) {
          case METRIC -> table.metrics();
          case PARAM -> table.params();
          case TAG -> table.tags();
          default -> Optional.empty();
        };
    return details.orElseThrow(() -> SearchPlan.unknownField(table, field));
  }

  private static String detail(
      SearchTable table, Condition condition, Dialect dialect, List<Object> params) {
    Field field = condition.field();
    SearchTable.Details details = details(table, field);
    boolean isNumber = field.kind() == Field.Kind.METRIC;
    String start =
        "exists (select 1 from %s d where d.%s = %s and d.key = ?"
            .formatted(details.table(), details.owner(), details.ownerId());
    params.add(field.key());
    return switch (condition.operator()) {
      case PRESENT -> start + ")";
      case MISSING -> "not " + start + ")";
      default ->
          start
              + " and "
              + comparison(
                  condition,
                  isNumber ? dialect.withoutIndex("d.value") : "d.value",
                  isNumber,
                  dialect,
                  params)
              + (isNumber ? " and " + dialect.withoutIndex("d.value") + " <> 'NaN')" : ")");
    };
  }

  private static String dataset(
      SearchTable table, Condition condition, Dialect dialect, List<Object> params) {
    Field field = condition.field();
    if (!table.equals(SearchTable.RUNS)
        || !Set.of("name", "digest", "context").contains(field.key())) {
      throw SearchPlan.unknownField(table, field);
    }
    return "exists (select 1 from run_dataset d where d.run_id = r.id and "
        + comparison(condition, "d." + field.key(), false, dialect, params)
        + ")";
  }

  static boolean isComparison(Condition condition) {
    return condition.operator() != Operator.MISSING && condition.operator() != Operator.PRESENT;
  }

  static String comparison(
      Condition condition, String column, boolean isNumber, Dialect dialect, List<Object> params) {
    Operator operator = condition.operator();
    if (!isComparison(condition)) {
      return column + " " + operator.sign();
    }
    if (!(isNumber ? FOR_NUMBERS : FOR_TEXTS).contains(operator)) {
      throw new InvalidRequestException(
          "Cannot compare %s with %s: expected one of %s for a %s"
              .formatted(
                  condition.field(),
                  operator.sign(),
                  (isNumber ? FOR_NUMBERS : FOR_TEXTS).stream().map(Operator::sign).toList(),
                  isNumber ? "number" : "text"));
    }
    for (Object value : condition.values()) {
      if (value instanceof Number != isNumber) {
        throw new InvalidRequestException(
            "Cannot compare %s with %s: expected %s"
                .formatted(condition.field(), value, isNumber ? "a number" : "a quoted text"));
      }
    }
    if ((operator == Operator.LIKE || operator == Operator.ILIKE)
        && ((String) condition.value()).length() > LONGEST_PATTERN) {
      throw new InvalidRequestException(
          "Cannot compare %s with a pattern of %d characters: expected at most %d"
              .formatted(
                  condition.field(), ((String) condition.value()).length(), LONGEST_PATTERN));
    }
    return switch (operator) {
      case IN, NOT_IN -> {
        params.add(condition.values());
        yield (operator == Operator.IN ? "" : "not ") + "(" + dialect.isOneOf(column) + ")";
      }
      case LIKE -> {
        params.add(dialect.pattern((String) condition.value()));
        yield dialect.isLike(column);
      }
      case ILIKE -> {
        params.add(dialect.caselessPattern((String) condition.value()));
        yield dialect.isLikeIgnoringCase(column);
      }
      default -> {
        params.add(condition.value());
        yield column + " " + operator.sign() + " ?";
      }
    };
  }
}
