package io.shelfmark.tracking.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

  @Test
  void filter_ofEveryKind_isRead() {
    Filter filter =
        Filter.parse(
            "metrics.`val/acc` >= 0.9 and params.lr = '0.1' AND tag.\"my tag\" ILIKE \"%it's%\""
                + " AND attributes.status IN ('FINISHED','FAILED') AND run_name != 'x'"
                + " AND params.seed IS NOT NULL AND tags.old IS NULL AND metrics.loss<-1e-3");

    assertThat(filter.conditions())
        .containsExactly(
            Field.metric("val/acc").atLeast(0.9),
            Field.param("lr").is("0.1"),
            Field.tag("my tag").likeIgnoringCase("%it's%"),
            Field.attribute("status").in(List.of("FINISHED", "FAILED")),
            Field.attribute("run_name").isNot("x"),
            Field.param("seed").isThere(),
            Field.tag("old").isMissing(),
            Field.metric("loss").below(-0.001));
  }

  @Test
  void filter_empty_findsEverything() {
    assertThat(Filter.parse("")).isEqualTo(Filter.NONE);
    assertThat(Filter.parse(" \n ")).isEqualTo(Filter.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metrics.a > 1 OR metrics.b > 2 | AND or the end",
        "metrics.a > | a value",
        "metrics.a 1 | a comparison",
        "metrics. > 1 | a key after metrics.",
        "colors.a = 'x' | metrics., params.",
        "params.a = x | a number or a quoted text",
        "params.a = 'x | no end of the quotes",
        "params.a IN 'x' | (",
        "params.a IN ('x' | )",
        "params.a IS 'x' | NULL",
        "(metrics.a > 1) | a field",
        "metrics.a > 1 AND | a field"
      })
  void filter_broken_saysWhatWasExpected(String text, String expected) {
    assertThatThrownBy(() -> Filter.parse(text))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Cannot read filter " + text)
        .hasMessageContaining(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"metrics.acc DESC", "metrics.`acc` desc", "metric.acc   DESC "})
  void order_descending_isRead(String text) {
    assertThat(Order.parse(text)).isEqualTo(Field.metric("acc").descending());
  }

  @Test
  void order_withoutDirection_isAscending() {
    assertThat(Order.parse("start_time")).isEqualTo(Field.attribute("start_time").ascending());
    assertThatThrownBy(() -> Order.parse("a b")).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> Order.parse("")).isInstanceOf(InvalidRequestException.class);
  }

  @Property(tries = 500)
  void filter_written_isReadAgain(@ForAll("filters") Filter filter) {
    assertThat(Filter.parse(filter.toString())).isEqualTo(filter);
  }

  @Property(tries = 1000)
  void filter_ofAnyText_isReadOrRefused(@ForAll String text) {
    try {
      Filter.parse(text);
    } catch (InvalidRequestException e) {
      assertThat(e).hasMessageStartingWith("Cannot read filter");
    }
  }

  @Provide
  Arbitrary<Filter> filters() {
    Arbitrary<String> keys =
        Arbitraries.strings()
            .withChars("abc /._-`ю\"'".replace("`", ""))
            .ofMinLength(1)
            .ofMaxLength(9);
    Arbitrary<Field> fields =
        Combinators.combine(Arbitraries.of(Field.Kind.class), keys).as(Field::new);
    Arbitrary<String> texts = Arbitraries.strings().withChars("abc %_'Ю-()").ofMaxLength(9);
    Arbitrary<Condition> conditions =
        Arbitraries.oneOf(
            Combinators.combine(fields, texts).as(Field::is),
            Combinators.combine(fields, texts).as(Field::like),
            Combinators.combine(fields, texts.list().ofMinSize(1).ofMaxSize(3)).as(Field::in),
            Combinators.combine(fields, Arbitraries.doubles()).as(Field::above),
            fields.map(Field::isMissing));
    return conditions.list().ofMaxSize(4).map(Filter::new);
  }
}
