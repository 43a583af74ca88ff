package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.batching.Deadline;
import java.time.Duration;
import java.util.List;
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
  void within_noTimeOrMoreThanACentury_isRefusedAsTheQueueWould() {
    Duration century = Duration.ofDays(36_500);
    for (Duration time : List.of(Duration.ZERO, Duration.ofSeconds(-1), century.plusNanos(1))) {
      String message =
          "Cannot set deadline: found %s, expected more than nothing and at most 100 years"
              .formatted(time);
      assertThatThrownBy(() -> ReadOptions.interactive().within(time))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
      assertThatThrownBy(() -> Deadline.in(time)).hasMessage(message);
    }
    assertThat(Deadline.in(ReadOptions.bulk().within(century).deadline()).isNever()).isFalse();
  }
}
