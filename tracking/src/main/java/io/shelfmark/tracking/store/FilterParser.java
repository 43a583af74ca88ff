package io.shelfmark.tracking.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads filters and orders by recursive descent over {@link FilterToken}s. Not thread-safe. */
final class FilterParser {

  private static final Map<String, Field.Kind> KINDS =
      Map.ofEntries(
          Map.entry("metrics", Field.Kind.METRIC),
          Map.entry("metric", Field.Kind.METRIC),
          Map.entry("params", Field.Kind.PARAM),
          Map.entry("param", Field.Kind.PARAM),
          Map.entry("parameters", Field.Kind.PARAM),
          Map.entry("parameter", Field.Kind.PARAM),
          Map.entry("tags", Field.Kind.TAG),
          Map.entry("tag", Field.Kind.TAG),
          Map.entry("attributes", Field.Kind.ATTRIBUTE),
          Map.entry("attribute", Field.Kind.ATTRIBUTE),
          Map.entry("attr", Field.Kind.ATTRIBUTE),
          Map.entry("run", Field.Kind.ATTRIBUTE),
          Map.entry("datasets", Field.Kind.DATASET),
          Map.entry("dataset", Field.Kind.DATASET));

  private final String text;
  private final List<FilterToken> tokens;
  private int next;

  private FilterParser(String text) {
    this.text = text;
    this.tokens = FilterToken.split(text);
  }

  static Filter filter(String text) {
    FilterParser parser = new FilterParser(text);
    List<Condition> conditions = new ArrayList<>();
    while (!parser.atEnd()) {
      if (!conditions.isEmpty()) {
        parser.requireAnd();
      }
      conditions.add(parser.condition());
    }
    return new Filter(conditions);
  }

  static Order order(String text) {
    FilterParser parser = new FilterParser(text);
    Field field = parser.field();
    Order.Direction direction = Order.Direction.ASCENDING;
    if (parser.takeWord("DESC")) {
      direction = Order.Direction.DESCENDING;
    } else {
      parser.takeWord("ASC");
    }
    if (!parser.atEnd()) {
      throw parser.unexpected("ASC, DESC or the end");
    }
    return new Order(field, direction);
  }

  private Condition condition() {
    Field field = field();
    Operator operator = operator();
    return switch (operator) {
      case MISSING, PRESENT -> new Condition(field, operator, List.of());
      case IN, NOT_IN -> new Condition(field, operator, list());
      default -> new Condition(field, operator, List.of(value()));
    };
  }

  private Field field() {
    FilterToken first = take("a field such as metrics.accuracy");
    if (!first.isName()) {
      throw unexpectedAt(first, "a field such as metrics.accuracy");
    }
    int dot = first.kind() == FilterToken.Kind.WORD ? first.text().indexOf('.') : -1;
    if (dot < 0) {
      return Field.attribute(first.text());
    }
    Field.Kind kind = KINDS.get(first.text().substring(0, dot).toLowerCase(Locale.ROOT));
    if (kind == null) {
      throw unexpectedAt(first, "metrics., params., tags., attributes. or datasets.");
    }
    String key = first.text().substring(dot + 1);
    if (key.isEmpty()) {
      FilterToken quoted = take("a key after " + first.text());
      if (!quoted.isName()) {
        throw unexpectedAt(quoted, "a key after " + first.text());
      }
      key = quoted.text();
    }
    return new Field(kind, key);
  }

  private Operator operator() {
    FilterToken token = take("a comparison");
    String word = token.text().toUpperCase(Locale.ROOT);
    if (token.kind() == FilterToken.Kind.WORD && word.equals("IS")) {
      Operator operator = takeWord("NOT") ? Operator.PRESENT : Operator.MISSING;
      if (!takeWord("NULL")) {
        throw unexpected("NULL");
      }
      return operator;
    }
    if (token.kind() == FilterToken.Kind.WORD && word.equals("NOT") && takeWord("IN")) {
      return Operator.NOT_IN;
    }
    for (Operator operator : Operator.values()) {
      if (operator.sign().equals(word) && !token.isQuoted()) {
        return operator;
      }
    }
    throw unexpectedAt(token, "a comparison such as =, !=, >, LIKE, ILIKE or IN");
  }

  private List<Object> list() {
    requireSign("(");
    List<Object> values = new ArrayList<>();
    do {
      values.add(value());
    } while (takeSign(","));
    requireSign(")");
    return values;
  }

  private Object value() {
    FilterToken token = take("a value");
    if (token.isQuoted()) {
      return token.text();
    }
    if (token.kind() == FilterToken.Kind.WORD) {
      try {
        return Double.valueOf(token.text());
      } catch (NumberFormatException e) {
        // falls through: a bare word is not a value
      }
    }
    throw unexpectedAt(token, "a number or a quoted text");
  }

  private void requireAnd() {
    if (!takeWord("AND")) {
      throw unexpected("AND or the end (OR is not part of the grammar: search twice)");
    }
  }

  private boolean takeWord(String word) {
    boolean found =
        !atEnd()
            && tokens.get(next).kind() == FilterToken.Kind.WORD
            && tokens.get(next).text().equalsIgnoreCase(word);
    next += found ? 1 : 0;
    return found;
  }

  private boolean takeSign(String sign) {
    boolean found =
        !atEnd()
            && tokens.get(next).kind() == FilterToken.Kind.SIGN
            && tokens.get(next).text().equals(sign);
    next += found ? 1 : 0;
    return found;
  }

  private void requireSign(String sign) {
    if (!takeSign(sign)) {
      throw unexpected(sign);
    }
  }

  private FilterToken take(String expected) {
    if (atEnd()) {
      throw unexpected(expected);
    }
    return tokens.get(next++);
  }

  private boolean atEnd() {
    return next == tokens.size();
  }

  private InvalidRequestException unexpected(String expected) {
    return atEnd()
        ? new InvalidRequestException(
            "Cannot read filter %s: found its end, expected %s".formatted(text, expected))
        : unexpectedAt(tokens.get(next), expected);
  }

  private InvalidRequestException unexpectedAt(FilterToken token, String expected) {
    return new InvalidRequestException(
        "Cannot read filter %s: found %s at character %d, expected %s"
            .formatted(text, token.text(), token.start() + 1, expected));
  }
}
