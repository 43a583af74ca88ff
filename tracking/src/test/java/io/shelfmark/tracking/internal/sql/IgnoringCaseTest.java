package io.shelfmark.tracking.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class IgnoringCaseTest {

  @Test
  void pattern_ofAnyCase_matches() {
    assertThat(IgnoringCase.matches("Молоко Простоквашино", "молоко%ПРОСТО%")).isTrue();
    assertThat(IgnoringCase.matches("Молоко", "м_локо")).isTrue();
    assertThat(IgnoringCase.matches("Молоко", "локо")).isFalse();
    assertThat(IgnoringCase.matches("", "%")).isTrue();
    assertThat(IgnoringCase.matches("", "_")).isFalse();
  }

  @Property(tries = 2000)
  void pattern_likeARegularExpression_matchesTheSame(
      @ForAll @Chars({'a', 'B', 'ю'}) @StringLength(max = 8) String value,
      @ForAll @Chars({'A', 'b', 'Ю', '%', '_'}) @StringLength(max = 6) String pattern) {
    String regex = pattern.replace("%", ".*").replace("_", ".");
    boolean expected =
        Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
            .matcher(value)
            .matches();
    assertThat(IgnoringCase.matches(value, pattern)).isEqualTo(expected);
  }
}
