package io.shelfmark.testing.cluster;

import io.shelfmark.testing.cluster.FaultScenario.Extent;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** A schedule that several processes watch while they are killed. */
final class Ticks {

  static final Duration INTERVAL = Duration.ofSeconds(2);

  private static final DateTimeFormatter IN_ID =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private Ticks() {}

  static Outcome cron(FaultLab lab, Extent extent) throws Exception {
    Instant start = Instant.now();
    Instant end = start.plus(extent.of(Duration.ofSeconds(12), Duration.ofSeconds(40)));
    List<WorkerProcess> watchers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      watchers.add(lab.watcher(start, end));
    }
    lab.await("the first instant fires", () -> !runs(lab).isEmpty());
    int kills = 0;
    while (Instant.now().plusSeconds(2).isBefore(end)) {
      FaultLab.pass(extent.of(Duration.ofSeconds(2), Duration.ofSeconds(4)));
      watchers.remove(0).kill();
      watchers.add(lab.watcher(start, end));
      kills++;
    }
    Instant last = last(start, end);
    lab.await("the last instant fires", () -> runs(lab).contains(id(last)));
    lab.verify();
    check(lab, kills, last);
    return Outcome.of();
  }

  /** Every instant has one run from the first that anyone watched for; ids are of instants. */
  private static void check(FaultLab lab, int kills, Instant last) throws Exception {
    List<String> runs = runs(lab);
    List<String> expected = new ArrayList<>();
    for (Instant due = last; expected.size() < runs.size(); due = due.minus(INTERVAL)) {
      expected.add(0, id(due));
    }
    lab.check(runs.equals(expected), "fired are " + runs + " and not " + expected);
    lab.check(kills > 0, "nobody was killed");
  }

  private static Instant last(Instant start, Instant end) {
    Instant due = Instant.ofEpochSecond(start.getEpochSecond());
    Instant before = Instant.ofEpochSecond(end.getEpochSecond());
    while (due.plus(INTERVAL).isBefore(before)) {
      due = due.plus(INTERVAL);
    }
    return due;
  }

  private static String id(Instant due) {
    return "tick-" + IN_ID.format(due);
  }

  private static List<String> runs(FaultLab lab) throws Exception {
    return lab.log().texts("SELECT id FROM shelfmark_pipeline_runs ORDER BY id");
  }
}
