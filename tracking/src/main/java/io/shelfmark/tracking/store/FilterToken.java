package io.shelfmark.tracking.store;

import java.util.ArrayList;
import java.util.List;

/**
 * A word, quoted text or sign of a filter.
 *
 * @param kind of what it is
 * @param text without quotes
 * @param start index of its first character
 */
record FilterToken(Kind kind, String text, int start) {

  enum Kind {
    /** Bare: a key, a keyword, a number; a prefix ends with its dot when a quoted key follows. */
    WORD,
    /** In single quotes. */
    TEXT,
    /** In double quotes: a text, or a key. */
    TEXT_OR_KEY,
    /** In back quotes. */
    KEY,
    /** A comparison, bracket or comma. */
    SIGN
  }

  boolean isQuoted() {
    return kind == Kind.TEXT || kind == Kind.TEXT_OR_KEY;
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.KEY || kind == Kind.TEXT_OR_KEY;
  }

  static List<FilterToken> split(String text) {
    List<FilterToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      FilterToken token =
          switch (c) {
            case '\'' -> quoted(text, at, Kind.TEXT);
            case '"' -> quoted(text, at, Kind.TEXT_OR_KEY);
            case '`' -> quoted(text, at, Kind.KEY);
            case '(', ')', ',' -> new FilterToken(Kind.SIGN, String.valueOf(c), at);
            case '=', '!', '<', '>' -> comparison(text, at);
            default -> word(text, at);
          };
      tokens.add(token);
      at += token.text().length() + (token.isQuoted() || token.kind() == Kind.KEY ? 2 : 0);
    }
    return tokens;
  }

  private static FilterToken quoted(String text, int start, Kind kind) {
    int end = text.indexOf(text.charAt(start), start + 1);
    if (end < 0) {
      throw new InvalidRequestException(
          "Cannot read filter %s: found no end of the quotes at character %d, expected one"
              .formatted(text, start + 1));
    }
    return new FilterToken(kind, text.substring(start + 1, end), start);
  }

  private static FilterToken comparison(String text, int start) {
    boolean two = start + 1 < text.length() && text.charAt(start + 1) == '=';
    return new FilterToken(Kind.SIGN, text.substring(start, start + (two ? 2 : 1)), start);
  }

  private static FilterToken word(String text, int start) {
    int end = start;
    while (end < text.length()
        && !Character.isWhitespace(text.charAt(end))
        && "'\"`(),=!<>".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return new FilterToken(Kind.WORD, text.substring(start, end), start);
  }
}
