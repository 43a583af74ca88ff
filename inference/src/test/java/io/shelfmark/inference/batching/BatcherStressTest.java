package io.shelfmark.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A second of each kind of trouble; benchmarks hold the same for as long as one likes. */
@Timeout(60)
class BatcherStressTest {

  private static final int ROUNDS = 1_000;

  @Test
  void overload_tenTimesWhatItCanDo_everyCallerIsAnsweredOrToldWithTheirOwn() throws Exception {
    BatcherTrouble.Outcome outcome = BatcherTrouble.overload(20, ROUNDS);

    assertThat(outcome.wrong()).isZero();
    assertThat(outcome.threadsLeft()).isZero();
    assertThat(outcome.answered()).isPositive();
    assertThat(outcome.refused()).isPositive();
    assertThat(outcome.answered() + outcome.refused() + outcome.late()).isEqualTo(20L * ROUNDS);
  }

  @Test
  void engineThatThrowsOnEveryHundredthBatch_everyCallerGetsTheirOwn() throws Exception {
    BatcherTrouble.Outcome outcome = BatcherTrouble.failingEngine(8, ROUNDS);

    assertThat(outcome.wrong()).isZero();
    assertThat(outcome.threadsLeft()).isZero();
    assertThat(outcome.answered() + outcome.failed()).isEqualTo(8L * ROUNDS);
    assertThat(outcome.failed()).isLessThanOrEqualTo(8L * ROUNDS / 50);
  }

  @Test
  void interruptedCallers_leaveAndNobodyElseNotices() throws Exception {
    BatcherTrouble.Outcome outcome = BatcherTrouble.interruptedCallers(8, ROUNDS);

    assertThat(outcome.wrong()).isZero();
    assertThat(outcome.threadsLeft()).isZero();
    assertThat(outcome.late()).isZero();
    assertThat(outcome.failed()).isPositive();
    assertThat(outcome.answered() + outcome.failed()).isEqualTo(8L * ROUNDS);
  }

  @Test
  void openingAndClosing_byManyThreads_losesNothingAndLeavesNoThread() throws Exception {
    BatcherTrouble.Outcome outcome = BatcherTrouble.openingAndClosing(32, 20);

    assertThat(outcome.wrong()).isZero();
    assertThat(outcome.threadsLeft()).isZero();
    assertThat(outcome.answered()).isEqualTo(32L * 20 * BatcherTrouble.EACH);
  }
}
