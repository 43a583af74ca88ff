package io.shelfmark.tracking.store;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One comparison of a {@link Filter}. Get one from a {@link Field}.
 *
 * @param field what is compared
 * @param operator how
 * @param values with what: texts or numbers, one but for IN and its opposite
 */
public record Condition(Field field, Operator operator, List<Object> values) {

  /** Copies the values. */
  public Condition {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(operator, "operator");
    values = List.copyOf(values);
  }

  /** The one value. */
  public Object value() {
    return values.get(0);
  }

  /** As {@link Filter#parse} reads it. */
  @Override
  public String toString() {
    String left = field + " " + operator.sign();
    return switch (operator) {
      case MISSING, PRESENT -> left;
      case IN, NOT_IN ->
          left
              + values.stream()
                  .map(Condition::literal)
                  .collect(Collectors.joining(", ", " (", ")"));
      default -> left + " " + literal(value());
    };
  }

  private static String literal(Object value) {
    if (value instanceof Number) {
      return value.toString();
    }
    String text = value.toString();
    return text.contains("'") ? '"' + text + '"' : "'" + text + "'";
  }
}
