package io.shelfmark.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TriageTest {

  private final Triage<String, String> triage = new Triage<>(new GatedStage());

  private void took(long millis, int times) {
    for (int i = 0; i < times; i++) {
      triage.took(Duration.ofMillis(millis).toNanos());
    }
  }

  private Duration expected() {
    return Duration.ofNanos(triage.expected());
  }

  @Test
  void expected_nothingYet_isNothing() {
    assertThat(expected()).isZero();
  }

  @Test
  void expected_afterOneSlowBatch_fallsWithinAFew() {
    took(2_000, 1);
    took(50, 5);
    assertThat(expected()).isLessThan(Duration.ofMillis(500));
    took(50, 10);
    assertThat(expected()).isBetween(Duration.ofMillis(50), Duration.ofMillis(75));
  }

  @Test
  void expected_workThatVaries_isAboveItsMean() {
    for (int i = 0; i < 50; i++) {
      took(40, 1);
      took(80, 1);
    }
    assertThat(expected()).isBetween(Duration.ofMillis(60), Duration.ofMillis(110));
  }
}
