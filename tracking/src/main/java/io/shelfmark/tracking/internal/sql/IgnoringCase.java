package io.shelfmark.tracking.internal.sql;

import java.sql.SQLException;
import java.util.Locale;
import org.sqlite.Function;

/** LIKE in which the case of no script counts, as a function of a value and a pattern. */
final class IgnoringCase extends Function {

  @Override
  protected void xFunc() throws SQLException {
    String value = value_text(0);
    String pattern = value_text(1);
    result(value != null && pattern != null && matches(value, pattern) ? 1 : 0);
  }

  static boolean matches(String value, String pattern) {
    return like(value.toLowerCase(Locale.ROOT), pattern.toLowerCase(Locale.ROOT));
  }

  /** Greedy with one point to come back to, so no pattern takes more than a product of lengths. */
  private static boolean like(String value, String pattern) {
    int v = 0;
    int p = 0;
    int lastPercent = -1;
    int resume = 0;
    while (v < value.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '%') {
        lastPercent = p++;
        resume = v;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '_' || pattern.charAt(p) == value.charAt(v))) {
        p++;
        v++;
      } else if (lastPercent >= 0) {
        p = lastPercent + 1;
        v = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '%') {
      p++;
    }
    return p == pattern.length();
  }
}
