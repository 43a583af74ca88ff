package io.shelfmark.testing.cluster;

import io.shelfmark.testing.cluster.FaultScenario.Extent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How processes share the work: one leaves, there is very much of it, one is replaced. */
final class Shares {

  private static final double STEPS_PER_SECOND = 300;
  private static final double OF_IDEAL = 1.25;

  private Shares() {}

  static Outcome drain(FaultLab lab, Extent extent) throws Exception {
    List<WorkerProcess> both = lab.workers(2, 2);
    WorkerProcess leaving = both.get(0);
    WorkerProcess staying = both.get(1);
    lab.startFanOut(12, 1_000);
    lab.awaitUnderWay(leaving, 1);
    List<String> begun = lab.effects().underWay(leaving.pid());
    Instant told = Instant.now();
    int exit = leaving.terminate(20);
    double took = Deaths.seconds(Duration.between(told, Instant.now()));
    lab.check(exit == 143 || exit == 0, "exit code " + exit);
    lab.check(
        lab.effects().underWay(leaving.pid()).isEmpty(),
        "left in the middle of " + lab.effects().underWay(leaving.pid()));
    lab.verify();
    long again =
        lab.effects().all(Effects.BEGIN).stream()
            .filter(effect -> effect.pid() == staying.pid() && begun.contains(effect.step()))
            .count();
    lab.check(again == 0, again + " steps were begun again although their process ended them");
    return Outcome.of(Outcome.atMost("end after SIGTERM, s", took, 10));
  }

  static Outcome throughput(FaultLab lab, Extent extent) throws Exception {
    int steps = extent.of(300, 3_000);
    lab.workers(3, 8);
    lab.startFanOut(steps, 0);
    lab.verify();
    // from the first step to the last, the start of the processes not counted
    double seconds =
        lab.log()
                .number(
                    """
                    SELECT (1000 * extract(epoch FROM max(at) - min(at)))::bigint
                    FROM fault_commits WHERE place >= 0""")
            / 1000.0;
    return Outcome.of(Outcome.atLeast("steps/s", steps / seconds, STEPS_PER_SECOND));
  }

  static Outcome fanOut(FaultLab lab, Extent extent) throws Exception {
    int steps = extent.of(8, 20);
    int millis = extent.of(500, 2_000);
    WorkerProcess killed = lab.workers(2, 1).get(0);
    lab.startFanOut(steps, millis);
    lab.awaitUnderWay(killed, 1);
    Instant begun = lab.effects().all(Effects.BEGIN).get(0).at();
    FaultLab.pass(Duration.ofMillis(millis * 3L / 2));
    killed.kill();
    // as an orchestrator does
    lab.worker(1);
    Instant done = lab.awaitDone();
    double ideal = steps * millis / 2_000.0;
    double took = Deaths.seconds(Duration.between(begun, done));
    lab.verify();
    return extent == Extent.SHORT
        ? Outcome.of()
        : Outcome.of(Outcome.atMost("time over the ideal", took / ideal, OF_IDEAL));
  }
}
