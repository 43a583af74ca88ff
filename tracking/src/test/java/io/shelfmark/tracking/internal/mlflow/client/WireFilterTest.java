package io.shelfmark.tracking.internal.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.Filter;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Order;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireFilterTest {

  private final WireFilter filter = new WireFilter(id -> "server-" + id);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "metrics.`val/mAP50` >= 0.9 | metrics.`val/mAP50` >= 0.9",
        "attributes.start_time > 1700000000000 | start_time > 1700000000000",
        "metric.loss < 1e-7 | metrics.`loss` < 0.00000010",
        "params.a = \"it's\" | params.`a` = \"it's\"",
        "attributes.status = 'RUNNING' | status = 'RUNNING'",
        "tags.\"a`b\" ILIKE 'x' | tags.\"a`b\" ILIKE 'x'",
        "datasets.name IN ('a', 'b') | datasets.`name` IN ('a', 'b')",
        "attributes.run_id IN ('1', '2') | run_id IN ('server-1', 'server-2')",
        "attributes.run_id != '1' | run_id != 'server-1'",
        "tags.mlflow.parentRunId = '1' | tags.`mlflow.parentRunId` = 'server-1'",
        "tags.mlflow.parentRunId LIKE '1%' | tags.`mlflow.parentRunId` LIKE '1%'",
        "tags.a IS NOT NULL | tags.`a` IS NOT NULL"
      })
  void filter_isWrittenAsEveryServerReadsIt(String text, String written) {
    assertThat(filter.write(Filter.parse(text))).isEqualTo(written);
  }

  @Test
  void conditions_areJoinedByAnd() {
    assertThat(filter.write(Filter.of(Field.metric("a").above(1), Field.param("b").is("c"))))
        .isEqualTo("metrics.`a` > 1 AND params.`b` = 'c'");
    assertThat(filter.write(Filter.NONE)).isEmpty();
  }

  @Test
  void written_isReadBackTheSame() {
    Filter original =
        Filter.of(
            Field.metric("val/mAP50").atMost(123456.789),
            Field.tag("a b").isNot("it's"),
            Field.attribute("name").likeIgnoringCase("x_%"));

    assertThat(Filter.parse(new WireFilter(id -> id).write(original))).isEqualTo(original);
  }

  @Test
  void whatTheGrammarCannotSay_isRefused() {
    assertThatThrownBy(() -> filter.write(Filter.of(Field.param("a").is("'\""))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("both kinds of quotes");
    assertThatThrownBy(() -> filter.write(Filter.of(Field.param("`\"").is("x"))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("back quote");
    assertThatThrownBy(() -> filter.write(Filter.of(Field.metric("a").is(Double.NaN))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("finite");
  }

  @Test
  void orders_nameAttributesBare() {
    assertThat(
            WireFilter.orders(
                List.of(Order.parse("metrics.`a/b` DESC"), Order.parse("attributes.name ASC"))))
        .containsExactly("metrics.`a/b` DESC", "name ASC");
  }
}
