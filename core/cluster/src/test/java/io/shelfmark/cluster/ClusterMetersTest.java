package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClusterMetersTest {

  private static final RunId RUN = RunId.of("run");
  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ClusterMeters meters = new ClusterMeters(registry);

  private void begin(Instant at, int attempt) {
    meters.happened(new RunEvent.AttemptStarted(RUN, at, "a", attempt));
  }

  private void end(Instant at) {
    meters.happened(
        new RunEvent.StepEnded(
            RUN, at, "a", StepState.SUCCEEDED, Optional.empty(), Optional.empty()));
  }

  @Test
  void fencedAttempt_isForgotten() {
    begin(BEGAN, 1);
    meters.fenced(RUN, "a", BEGAN);
    end(BEGAN.plusSeconds(5));
    assertThat(registry.find("shelfmark.cluster.step").timer()).isNull();
    assertThat(registry.get("shelfmark.cluster.fenced").counter().count()).isEqualTo(1);
  }

  @Test
  void fencedAttempt_ofAStepThatIsDoneHereAgain_leavesTheLaterOne() {
    Instant later = BEGAN.plus(Duration.ofMinutes(2));
    begin(BEGAN, 1);
    begin(later, 2);
    meters.fenced(RUN, "a", BEGAN);
    end(later.plusSeconds(5));
    assertThat(registry.get("shelfmark.cluster.step").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(5);
  }
}
