package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.Condition;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Order;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.Visibility;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A search as SQL. Pages follow each other by the order's values at the last row (keyset paging):
 * what is written meanwhile neither doubles nor hides a row that was there. Everything that a
 * caller gave is bound, never part of a statement's text. Not thread-safe.
 *
 * <p>Where an index gives an answer, the statement begins there, since neither database knows how
 * many records a filter on details leaves: with the metric whose condition leaves few; else, in the
 * order of the first metric, until the page is full; else with all records.
 */
final class SearchPlan {

  /** A condition that leaves at most so many records is where a search begins. */
  private static final int FEW = 2000;

  /** PostgreSQL plans for minutes, and SQLite gives up, when there are hundreds. */
  private static final int MOST_CONDITIONS = 50;

  private static final int MOST_ORDERS = 10;

  private final SearchTable table;
  private final int limit;
  private final Optional<String> page;
  private final List<Condition> conditions;
  private final List<Order> orders;
  private final SearchOrder order;

  /** Conditions of the caller's own, and their parameters. */
  private final List<String> required = new ArrayList<>();

  private final List<Object> requiredParams = new ArrayList<>();

  private SearchPlan(
      SearchTable table,
      List<Condition> conditions,
      List<Order> orders,
      int limit,
      Optional<String> page) {
    requireFew("conditions", conditions, MOST_CONDITIONS);
    requireFew("orders", orders, MOST_ORDERS);
    this.table = table;
    this.conditions = conditions;
    this.orders = orders;
    this.order = new SearchOrder(table, orders);
    this.limit = limit;
    this.page = page;
  }

  private static void requireFew(String what, List<?> found, int most) {
    if (found.size() > most) {
      throw new InvalidRequestException(
          "Cannot search by %d %s: expected at most %d (search for less, or compare texts by IN)"
              .formatted(found.size(), what, most));
    }
  }

  static SearchPlan of(SearchTable table, Search search) {
    SearchPlan plan =
        new SearchPlan(
            table, search.filter().conditions(), search.order(), search.limit(), search.page());
    plan.look(search.visibility());
    return plan;
  }

  static SearchPlan of(RunQuery query) {
    SearchPlan plan =
        new SearchPlan(
            SearchTable.RUNS,
            query.filter().conditions(),
            query.order(),
            query.limit(),
            query.page());
    plan.look(query.visibility());
    return plan;
  }

  private void look(Visibility visibility) {
    if (table.lifecycle() && visibility != Visibility.ALL) {
      require("r.lifecycle = ?", visibility.name());
    }
  }

  /** Adds a condition of the caller's own, not of the filter. */
  void require(String condition, Object param) {
    required.add(condition);
    requiredParams.add(param);
  }

  <T> Page<T> page(Sql sql, String columns, Sql.Row<T> reader) {
    Optional<PageToken> after = page.map(token -> PageToken.parse(token, order.terms));
    Optional<Condition> few = fewest(sql);
    if (few.isPresent()) {
      return read(sql, columns, reader, begunWith(few.get(), sql, after));
    }
    boolean isByMetric = !orders.isEmpty() && orders.get(0).field().kind() == Field.Kind.METRIC;
    if (isByMetric && after.stream().allMatch(PageToken::isAmongValues)) {
      Page<T> found = read(sql, columns, reader, inOrder(sql, after));
      if (found.next().isPresent()) {
        return found;
      }
      // the page is not full: records without a value follow
    }
    return read(sql, columns, reader, all(sql, after));
  }

  /** The metric's condition that leaves the fewest records, if these are few. */
  private Optional<Condition> fewest(Sql sql) {
    record Counted(Condition condition, long count) {}
    return conditions.stream()
        .filter(condition -> condition.field().kind() == Field.Kind.METRIC)
        .filter(Conditions::isComparison)
        .map(condition -> new Counted(condition, count(sql, condition)))
        .filter(counted -> counted.count() <= FEW)
        .min(Comparator.comparingLong(Counted::count))
        .map(Counted::condition);
  }

  private long count(Sql sql, Condition condition) {
    SearchTable.Details details = Conditions.details(table, condition.field());
    List<Object> params = new ArrayList<>(List.of(condition.field().key()));
    String compared = Conditions.comparison(condition, "f.value", true, sql.dialect(), params);
    params.add(FEW + 1);
    return sql.first(
            "select count(*) from (select 1 from %s f where f.key = ? and %s limit ?) counted"
                .formatted(details.table(), compared),
            row -> row.getLong(1),
            params.toArray())
        .orElseThrow();
  }

  private Statement begunWith(Condition condition, Sql sql, Optional<PageToken> after) {
    SearchTable.Details details = Conditions.details(table, condition.field());
    Statement statement = new Statement(order.terms);
    statement.from = "%s f cross join %s".formatted(details.table(), table.from());
    statement.where.add("f.%s = %s".formatted(details.owner(), details.ownerId()));
    statement.where.add("f.key = ?");
    statement.params.add(condition.field().key());
    statement.where.add(
        Conditions.comparison(condition, "f.value", true, sql.dialect(), statement.params));
    statement.complete(sql, after);
    return statement;
  }

  private Statement inOrder(Sql sql, Optional<PageToken> after) {
    Field field = orders.get(0).field();
    SearchTable.Details details = Conditions.details(table, field);
    List<SearchTable.Term> terms = new ArrayList<>(order.terms);
    terms.set(1, new SearchTable.Term("o0.value", terms.get(1).isDescending()));
    Statement statement = new Statement(terms);
    statement.skipped = 1;
    String left =
        " left join %s o0 on o0.%s = %s and o0.key = ?"
            .formatted(details.table(), details.owner(), details.ownerId());
    statement.from = "%s o0 cross join %s".formatted(details.table(), table.from());
    statement.joins = order.joins.substring(left.length());
    statement.joinParams.remove(0);
    statement.where.add("o0.%s = %s".formatted(details.owner(), details.ownerId()));
    statement.where.add("o0.key = ?");
    statement.params.add(field.key());
    statement.where.add("o0.value <> 'NaN'");
    statement.complete(sql, after);
    return statement;
  }

  private Statement all(Sql sql, Optional<PageToken> after) {
    Statement statement = new Statement(order.terms);
    statement.complete(sql, after);
    return statement;
  }

  private <T> Page<T> read(Sql sql, String columns, Sql.Row<T> reader, Statement statement) {
    int firstTerm = columns.split(",").length + 1;
    List<T> found = new ArrayList<>();
    List<@Nullable Object> last = new ArrayList<>();
    sql.forEach(
        statement.text(columns),
        row -> {
          found.add(reader.read(row));
          if (found.size() == limit) {
            for (int i = 0; i < statement.terms.size(); i++) {
              last.add(i < statement.skipped ? Long.valueOf(0) : row.getObject(firstTerm + i));
            }
          }
        },
        statement.allParams());
    return found.size() > limit
        ? new Page<>(
            found.subList(0, limit), Optional.of(new PageToken(last).toString(order.terms)))
        : Page.last(found);
  }

  /** One way to ask. */
  private final class Statement {
    final List<SearchTable.Term> terms;

    /** How many of the terms, at the beginning, are 0 in every row. */
    int skipped;

    String from = table.from();
    String joins = order.joins.toString();
    final List<Object> joinParams = new ArrayList<>(order.params);
    final List<String> where = new ArrayList<>();
    final List<Object> params = new ArrayList<>();

    Statement(List<SearchTable.Term> terms) {
      this.terms = terms;
    }

    void complete(Sql sql, Optional<PageToken> after) {
      where.addAll(required);
      params.addAll(requiredParams);
      Conditions.add(table, conditions, sql.dialect(), where, params);
      after.ifPresent(token -> token.follow(terms, skipped, where, params));
    }

    String text(String columns) {
      return "select %s, %s from %s%s%s order by %s limit ?"
          .formatted(
              columns,
              terms.stream().map(SearchTable.Term::expression).collect(Collectors.joining(", ")),
              from,
              joins,
              where.isEmpty() ? "" : " where " + String.join(" and ", where),
              terms.stream()
                  .skip(skipped)
                  .map(SearchTable.Term::order)
                  .collect(Collectors.joining(", ")));
    }

    @Nullable Object[] allParams() {
      List<Object> all = new ArrayList<>(joinParams);
      all.addAll(params);
      all.add(limit + 1);
      return all.toArray();
    }
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
