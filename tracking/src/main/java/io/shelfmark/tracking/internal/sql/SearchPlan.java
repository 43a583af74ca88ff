package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.Condition;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Operator;
import io.shelfmark.tracking.store.Order;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A search as SQL. Pages follow each other by the order's values at the last row (keyset paging):
 * what is written meanwhile neither doubles nor hides a row that was there. Everything that a
 * caller gave is bound, never part of a statement's text. Not thread-safe.
 */
final class SearchPlan {

  private final SearchTable table;
  private final int limit;
  private final Optional<String> page;
  private final StringBuilder from = new StringBuilder();
  private final List<Object> fromParams = new ArrayList<>();
  private final List<String> where = new ArrayList<>();
  private final List<Object> whereParams = new ArrayList<>();
  private final List<SearchTable.Term> terms = new ArrayList<>();
  private final List<Condition> conditions;

  private SearchPlan(
      SearchTable table,
      List<Condition> conditions,
      List<Order> order,
      Visibility visibility,
      int limit,
      Optional<String> page) {
    this.table = table;
    this.limit = limit;
    this.page = page;
    this.conditions = conditions;
    from.append(table.from());
    if (table.lifecycle() && visibility != Visibility.ALL) {
      where.add("r.lifecycle = ?");
      whereParams.add(visibility.name());
    }
    order.forEach(this::orderBy);
    terms.addAll(order.isEmpty() || table.equals(SearchTable.RUNS) ? table.order() : List.of());
    terms.add(new SearchTable.Term(table.id(), false));
  }

  static SearchPlan of(SearchTable table, Search search) {
    return new SearchPlan(
        table,
        search.filter().conditions(),
        search.order(),
        search.visibility(),
        search.limit(),
        search.page());
  }

  static SearchPlan of(RunQuery query) {
    return new SearchPlan(
        SearchTable.RUNS,
        query.filter().conditions(),
        query.order(),
        query.visibility(),
        query.limit(),
        query.page());
  }

  /** Adds a condition of the caller's own, not of the filter. */
  void require(String condition, Object param) {
    where.add(condition);
    whereParams.add(param);
  }

  private void orderBy(Order order) {
    boolean descending = order.direction() == Order.Direction.DESCENDING;
    Field field = order.field();
    if (field.kind() == Field.Kind.ATTRIBUTE) {
      SearchTable.Column column = Conditions.column(table, field);
      addTerms(column.expression(), column.isOptional(), column.isNumber(), descending);
      return;
    }
    SearchTable.Details details = Conditions.details(table, field);
    String alias = "o" + terms.size();
    boolean isNumber = field.kind() == Field.Kind.METRIC;
    if (isNumber && isCompared(field)) {
      // the filter leaves numbers alone: their index gives the order, and the rest is looked up
      from.insert(0, details.table() + " " + alias + " cross join ");
      require(alias + "." + details.owner() + " = " + details.ownerId());
      require(alias + ".key = ?", field.key());
      require(alias + ".value <> 'NaN'");
      terms.add(new SearchTable.Term(alias + ".value", descending));
      return;
    }
    from.append(
        " left join %s %s on %s.%s = %s and %s.key = ?"
            .formatted(details.table(), alias, alias, details.owner(), details.ownerId(), alias));
    fromParams.add(field.key());
    addTerms(alias + ".value", true, isNumber, descending);
  }

  private boolean isCompared(Field field) {
    return conditions.stream()
        .anyMatch(
            condition ->
                condition.field().equals(field)
                    && condition.operator() != Operator.MISSING
                    && condition.operator() != Operator.PRESENT);
  }

  private void require(String condition) {
    where.add(condition);
  }

  /** Records without the value come last, and those whose value is NaN before them. */
  private void addTerms(String value, boolean isOptional, boolean isNumber, boolean descending) {
    boolean mayBeNan = isOptional && isNumber && value.endsWith(".value");
    String nan = mayBeNan ? " when %s = 'NaN' then 1".formatted(value) : "";
    if (isOptional) {
      terms.add(
          new SearchTable.Term(
              "case when %s is null then 2%s else 0 end".formatted(value, nan), false));
    }
    String least = isNumber ? "0" : "''";
    String known =
        mayBeNan
            ? "case when %1$s is null or %1$s = 'NaN' then 0 else %1$s end".formatted(value)
            : isOptional ? "coalesce(%s, %s)".formatted(value, least) : value;
    terms.add(new SearchTable.Term(known, descending));
  }

  <T> Page<T> page(Sql sql, String columns, Sql.Row<T> reader) {
    Conditions.add(table, conditions, sql.dialect(), where, whereParams);
    page.ifPresent(token -> PageToken.parse(token, terms).follow(terms, where, whereParams));
    List<Object> params = new ArrayList<>(fromParams);
    params.addAll(whereParams);
    params.add(limit + 1);
    String selected =
        terms.stream().map(SearchTable.Term::expression).collect(Collectors.joining(", "));
    String text =
        "select %s, %s from %s%s order by %s limit ?"
            .formatted(
                columns,
                selected,
                from,
                where.isEmpty() ? "" : " where " + String.join(" and ", where),
                terms.stream().map(SearchTable.Term::order).collect(Collectors.joining(", ")));
    int firstTerm = columns.split(",").length + 1;
    List<T> found = new ArrayList<>();
    List<@Nullable Object> last = new ArrayList<>();
    sql.forEach(
        text,
        row -> {
          found.add(reader.read(row));
          if (found.size() == limit) {
            for (int i = 0; i < terms.size(); i++) {
              last.add(row.getObject(firstTerm + i));
            }
          }
        },
        params.toArray());
    return found.size() > limit
        ? new Page<>(found.subList(0, limit), Optional.of(new PageToken(last).toString(terms)))
        : Page.last(found);
  }

  static InvalidRequestException unknownField(SearchTable table, Field field) {
    return new InvalidRequestException(
        "Cannot search %s by %s: expected %s%s%s%s"
            .formatted(
                table.noun(),
                field,
                table.attributes().keySet().stream().sorted().collect(Collectors.joining(", ")),
                table.metrics().isPresent() ? ", metrics.KEY" : "",
                table.params().isPresent() ? ", params.KEY" : "",
                table.tags().isPresent() ? ", tags.KEY" : ""));
  }
}
