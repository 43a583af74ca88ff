package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.Order;
import java.util.ArrayList;
import java.util.List;

/**
 * What a search is ordered by, as terms of SQL that are never null: where a value may be missing, a
 * rank comes before it, 0 for values, 1 for NaN, 2 for none. Not thread-safe.
 */
final class SearchOrder {

  /** What is joined for the terms, and its parameters. */
  final StringBuilder joins = new StringBuilder();

  final List<Object> params = new ArrayList<>();
  final List<SearchTable.Term> terms = new ArrayList<>();

  SearchOrder(SearchTable table, List<Order> orders) {
    orders.forEach(order -> add(table, order));
    if (orders.isEmpty() || table.equals(SearchTable.RUNS)) {
      terms.addAll(table.order());
    }
    terms.add(new SearchTable.Term(table.id(), false));
  }

  private void add(SearchTable table, Order order) {
    boolean descending = order.direction() == Order.Direction.DESCENDING;
    Field field = order.field();
    if (field.kind() == Field.Kind.ATTRIBUTE) {
      SearchTable.Column column = Conditions.column(table, field);
      if (column.isOptional()) {
        rank(column.expression(), "");
      }
      String least = column.isNumber() ? "0" : "''";
      String value =
          column.isOptional()
              ? "coalesce(%s, %s)".formatted(column.expression(), least)
              : column.expression();
      terms.add(new SearchTable.Term(value, descending));
      return;
    }
    SearchTable.Details details = Conditions.details(table, field);
    String alias = "o" + terms.size();
    String value = alias + ".value";
    joins.append(
        " left join %s %s on %s.%s = %s and %s.key = ?"
            .formatted(details.table(), alias, alias, details.owner(), details.ownerId(), alias));
    params.add(field.key());
    if (field.kind() == Field.Kind.METRIC) {
      rank(value, " when %s = 'NaN' then 1".formatted(value));
      terms.add(
          new SearchTable.Term(
              "case when %1$s is null or %1$s = 'NaN' then 0 else %1$s end".formatted(value),
              descending));
    } else {
      rank(value, "");
      terms.add(new SearchTable.Term("coalesce(%s, '')".formatted(value), descending));
    }
  }

  private void rank(String value, String nan) {
    terms.add(
        new SearchTable.Term(
            "case when %s is null then 2%s else 0 end".formatted(value, nan), false));
  }
}
