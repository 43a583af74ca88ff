package io.shelfmark.internal.runpage;

import java.util.Locale;

/** HTML in the making, in which texts are never markup. Not thread-safe. */
final class Markup {

  private final StringBuilder html = new StringBuilder();

  /** Adds markup, with texts, escaped, in the places of its {@code %s}. */
  Markup add(String markup, Object... texts) {
    int from = 0;
    for (Object text : texts) {
      int at = markup.indexOf("%s", from);
      html.append(markup, from, at);
      escape(text.toString());
      from = at + 2;
    }
    html.append(markup, from, markup.length());
    return this;
  }

  /** Adds what was made before. */
  Markup add(Markup other) {
    html.append(other.html);
    return this;
  }

  /** Adds a text. */
  Markup text(String text) {
    escape(text);
    return this;
  }

  /** For attributes in quotes, too; what HTML cannot hold is a replacement character. */
  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> html.append("&amp;");
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '"' -> html.append("&quot;");
        case '\'' -> html.append("&#39;");
        case '\n', '\t' -> html.append(c);
        default -> {
          if (Character.isSurrogate(c)) {
            i += pair(text, i);
          } else {
            html.append(Character.isISOControl(c) || c >= '\ufffe' ? '\ufffd' : c);
          }
        }
      }
    }
  }

  private int pair(String text, int at) {
    if (at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1))) {
      html.append(text, at, at + 2);
      return 1;
    }
    html.append('\ufffd');
    return 0;
  }

  int length() {
    return html.length();
  }

  /** A number as SVG takes it, with one decimal. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
