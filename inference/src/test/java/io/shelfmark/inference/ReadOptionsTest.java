package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadOptionsTest {

  @Test
  void within_andFrom_keepTheRest() {
    assertThat(ReadOptions.bulk().within(Duration.ofSeconds(2)).from("shop 7"))
        .isEqualTo(
            new ReadOptions(
                Optional.of(Duration.ofSeconds(2)), Priority.BULK, Optional.of("shop 7")));
  }

  @Test
  void within_noTime_isRefused() {
    assertThatThrownBy(() -> ReadOptions.interactive().within(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set deadline: found PT0S, expected more than nothing");
  }
}
