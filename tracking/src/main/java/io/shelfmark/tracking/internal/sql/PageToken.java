package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ended: the values of the order's terms at its last row. As text it begins with a
 * number made from the terms, so that a page of another search is refused.
 *
 * @param values in the terms' order: texts, longs or doubles
 */
record PageToken(List<@Nullable Object> values) {

  /** Never part of a text that is bound: it separates the values. */
  private static final String SEPARATOR = "\0";

  String toString(List<SearchTable.Term> terms) {
    String text = values.stream().map(PageToken::encode).collect(Collectors.joining(SEPARATOR));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((signature(terms) + SEPARATOR + text).getBytes(StandardCharsets.UTF_8));
  }

  static PageToken parse(String token, List<SearchTable.Term> terms) {
    try {
      String[] parts =
          new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8)
              .split(SEPARATOR, -1);
      if (parts.length == terms.size() + 1 && parts[0].equals(signature(terms))) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
          values.add(decode(parts[i]));
        }
        return new PageToken(values);
      }
    } catch (IllegalArgumentException e) {
      // told below: it is none of ours
    }
    throw new InvalidRequestException(
        "Cannot go on at page %s: expected the token that the page before gave, and the same order"
            .formatted(token));
  }

  private static String signature(List<SearchTable.Term> terms) {
    return Integer.toHexString(terms.hashCode());
  }

  private static String encode(@Nullable Object value) {
    if (value instanceof Long || value instanceof Integer) {
      return "l" + value;
    }
    return value instanceof Number ? "d" + value : "s" + Objects.requireNonNull(value);
  }

  private static Object decode(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a value without its kind");
    }
    String value = text.substring(1);
    return switch (text.charAt(0)) {
      case 'l' -> Long.valueOf(value);
      case 'd' -> Double.valueOf(value);
      default -> value;
    };
  }

  /** Whether the last row had a value of what comes first: its rank is 0. */
  boolean isAmongValues() {
    return values.get(0) instanceof Number rank && rank.longValue() == 0;
  }

  /**
   * Adds the condition that rows come after this one.
   *
   * @param skipped how many terms at the beginning are the same in every row
   */
  void follow(List<SearchTable.Term> terms, int skipped, List<String> where, List<Object> params) {
    List<String> ways = new ArrayList<>();
    List<Object> wayParams = new ArrayList<>();
    for (int i = skipped; i < terms.size(); i++) {
      StringBuilder way = new StringBuilder();
      for (int j = skipped; j < i; j++) {
        way.append(terms.get(j).expression()).append(" = ? and ");
        wayParams.add(Objects.requireNonNull(values.get(j)));
      }
      way.append(terms.get(i).expression()).append(sign(terms.get(i))).append("?");
      wayParams.add(Objects.requireNonNull(values.get(i)));
      ways.add("(" + way + ")");
    }
    // follows from the others, and lets an index begin there
    SearchTable.Term first = terms.get(skipped);
    where.add(first.expression() + sign(first).trim() + "= ?");
    params.add(Objects.requireNonNull(values.get(skipped)));
    where.add("(" + String.join(" or ", ways) + ")");
    params.addAll(wayParams);
  }

  private static String sign(SearchTable.Term term) {
    return term.isDescending() ? " < " : " > ";
  }
}
