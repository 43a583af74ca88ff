package io.shelfmark.testing.cluster;

import io.shelfmark.testing.cluster.FaultScenario.Extent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Processes that die, or seem to. */
final class Deaths {

  static final double TAKEOVER_SECONDS = 8;

  private Deaths() {}

  static Outcome kill(FaultLab lab, Extent extent) throws Exception {
    WorkerProcess victim = lab.workers(2, 2).get(0);
    lab.startFanOut(16, 1_000);
    lab.awaitUnderWay(victim, 1);
    victim.kill();
    Instant killed = Instant.now();
    List<String> lost = lab.effects().underWay(victim.pid());
    lab.check(!lost.isEmpty(), "the process was killed between two steps");
    double takeover = takeover(lab, lost, victim.pid(), killed);
    lab.verify();
    return Outcome.of(Outcome.atMost("takeover, s", takeover, TAKEOVER_SECONDS));
  }

  /** Seconds until the last of these steps was begun by another process. */
  static double takeover(FaultLab lab, List<String> lost, long pid, Instant from) throws Exception {
    Instant last = from;
    for (String step : lost) {
      lab.await(
          step + " is begun elsewhere",
          () -> !lab.effects().begunElsewhere(step, pid, from).equals(Instant.MAX));
      Instant begun = lab.effects().begunElsewhere(step, pid, from);
      last = begun.isAfter(last) ? begun : last;
    }
    return seconds(Duration.between(from, last));
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  static Outcome standStill(FaultLab lab, Extent extent) throws Exception {
    WorkerProcess frozen = lab.workers(2, 2).get(0);
    // the run goes on until the late ones come
    lab.startFanOut(extent.of(18, 30), 1_500);
    lab.awaitUnderWay(frozen, 1);
    frozen.stand();
    Instant stopped = Instant.now();
    List<String> late = lab.effects().underWay(frozen.pid());
    lab.check(!late.isEmpty(), "the process was stopped between two steps");
    double takeover = takeover(lab, late, frozen.pid(), stopped);
    Duration still = extent.of(Duration.ofSeconds(8), Duration.ofSeconds(16));
    FaultLab.passUntil(stopped.plus(still));
    frozen.goOn();
    lab.await("the late process knows of every late step", () -> refused(frozen) >= late.size());
    lab.check(frozen.isAlive(), "the late process has ended");
    lab.verify();
    return Outcome.of(Outcome.atMost("takeover, s", takeover, TAKEOVER_SECONDS));
  }

  private static long refused(WorkerProcess worker) throws Exception {
    return worker.output().lines().filter(line -> line.contains(FaultWorker.FENCED)).count();
  }
}
