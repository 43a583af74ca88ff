package io.shelfmark.testing.cluster;

import io.shelfmark.testing.cluster.FaultScenario.Extent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The database stops, or cannot be reached. */
final class Outages {

  private static final double DONE_SECONDS = 30;
  private static final double REJOIN_SECONDS = 10;

  private Outages() {}

  static Outcome databaseStopped(FaultLab lab, Extent extent) throws Exception {
    List<WorkerProcess> workers = lab.workers(3, 4);
    // some 5 s of work for all, so that it stops in the middle of it
    lab.startFanOut(extent.of(120, 600), extent.of(400, 100));
    for (WorkerProcess worker : workers) {
      lab.awaitUnderWay(worker, 1);
    }
    lab.server().stopAtOnce();
    FaultLab.pass(extent.of(Duration.ofSeconds(5), Duration.ofSeconds(12)));
    lab.server().startAgain();
    Instant back = Instant.now();
    Instant done = lab.awaitDone();
    lab.check(workers.stream().allMatch(WorkerProcess::isAlive), "a process has ended");
    lab.verify();
    return Outcome.of(
        Outcome.atMost(
            "all done after its return, s",
            Deaths.seconds(Duration.between(back, done)),
            DONE_SECONDS));
  }

  static Outcome connectionCut(FaultLab lab, Extent extent) throws Exception {
    CutProxy proxy = lab.proxy();
    WorkerProcess alone = lab.worker(1, proxy.port());
    WorkerProcess other = lab.worker(1);
    lab.awaitReady(List.of(alone, other));
    int millis = 500;
    // what the other one does by itself until the cut is healed, and as much again
    lab.startFanOut(extent.of(36, 80), millis);
    lab.awaitUnderWay(alone, 1);
    proxy.cut();
    Instant cut = Instant.now();
    List<String> lost = lab.effects().underWay(alone.pid());
    double takeover = lost.isEmpty() ? 0 : Deaths.takeover(lab, lost, alone.pid(), cut);
    FaultLab.passUntil(cut.plus(extent.of(Duration.ofSeconds(8), Duration.ofSeconds(20))));
    proxy.heal();
    Instant healed = Instant.now();
    lab.await("the process takes steps again", () -> !begun(lab, alone, healed).isEmpty());
    double rejoin = Deaths.seconds(Duration.between(healed, begun(lab, alone, healed).get(0)));
    lab.verify();
    return Outcome.of(
        Outcome.atMost("takeover, s", takeover, Deaths.TAKEOVER_SECONDS),
        Outcome.atMost("rejoin, s", rejoin, REJOIN_SECONDS));
  }

  private static List<Instant> begun(FaultLab lab, WorkerProcess worker, Instant after)
      throws Exception {
    return lab.effects().all(Effects.BEGIN).stream()
        .filter(effect -> effect.pid() == worker.pid() && effect.at().isAfter(after))
        .map(Effects.Effect::at)
        .toList();
  }
}
