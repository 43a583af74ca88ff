package io.shelfmark.testing.cluster;

import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.testing.cluster.FaultScenario.Extent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Crashes at the two narrow places of the protocol, and tickets too many. */
final class Crashes {

  private Crashes() {}

  static Outcome beforeCommit(FaultLab lab, Extent extent) throws Exception {
    Path marker = lab.folder().resolve("crashed");
    WorkerProcess first = lab.worker(1);
    lab.start(FaultPipelines.crash(lab.effects(), marker), RunOptions.defaults());
    lab.await("the process has crashed", () -> !first.isAlive());
    Instant crashed = Instant.now();
    lab.worker(1);
    double takeover = Deaths.takeover(lab, List.of("model"), first.pid(), crashed);
    lab.verify();
    String published = Files.readString(marker);
    String committed =
        lab.log().texts("SELECT result FROM shelfmark_pipeline_steps WHERE node = 'model'").get(0);
    lab.check(
        FaultWorker.isSameContent(lab.folder(), published, committed),
        "%s, published before the crash, and %s on record differ".formatted(published, committed));
    return Outcome.of(Outcome.atMost("takeover, s", takeover, Deaths.TAKEOVER_SECONDS));
  }

  static Outcome afterCommit(FaultLab lab, Extent extent) throws Exception {
    WorkerProcess first = lab.worker(1);
    lab.startFanOut(3, 300);
    lab.awaitUnderWay(first, 1);
    Connection holder = lab.log().holdDeletes();
    lab.await("a process is about to delete a ticket", lab.log()::isDeleting);
    first.kill();
    lab.log().letDelete(holder);
    long commits = lab.log().number("SELECT count(*) FROM fault_commits WHERE place >= 0");
    long tickets = lab.log().tickets();
    lab.check(commits > 0 && tickets > 0, "%d commits, %d tickets".formatted(commits, tickets));
    List<String> committed =
        lab.log().texts("SELECT node || '[' || place || ']' FROM fault_commits WHERE place >= 0");
    lab.worker(1);
    lab.verify();
    long again =
        lab.effects().all(Effects.BEGIN).stream()
            .filter(e -> e.pid() != first.pid() && committed.contains(e.step()))
            .count();
    lab.check(again == 0, "%d steps done again after their commit: %s".formatted(again, committed));
    return Outcome.of();
  }

  static Outcome duplicateTickets(FaultLab lab, Extent extent) throws Exception {
    List<WorkerProcess> workers = lab.workers(2, 2);
    lab.startFanOut(20, 400);
    for (WorkerProcess worker : workers) {
      lab.awaitUnderWay(worker, 1);
    }
    int rounds = extent.of(3, 6);
    for (int round = 0; round < rounds; round++) {
      for (String queue : lab.log().queues()) {
        lab.log().execute(again(queue));
      }
      FaultLab.pass(Duration.ofMillis(200));
    }
    lab.verify();
    long duplicates = lab.log().number("SELECT count(*) FROM fault_duplicates");
    lab.check(duplicates > 0, "no ticket was put twice");
    return Outcome.of();
  }

  /**
   * Every ticket once more: those that are being done are free again, so that another process has
   * the same at the same time; those that are done come back.
   */
  private static String again(String queue) {
    return """
        CREATE TABLE IF NOT EXISTS fault_duplicates (id text);
        WITH freed AS (
          UPDATE %1$s SET picked = false WHERE picked RETURNING task_instance),
        back AS (
          INSERT INTO %1$s (task_name, task_instance, execution_time, picked, version, priority)
          SELECT 'ticket', run || '/' || node || '[' || place || ']/g' || ticket,
            clock_timestamp(), false, 1, 0
          FROM shelfmark_pipeline_steps WHERE place >= 0 AND ended_at IS NOT NULL
          ON CONFLICT DO NOTHING RETURNING task_instance)
        INSERT INTO fault_duplicates
        SELECT task_instance FROM freed UNION ALL SELECT task_instance FROM back"""
        .formatted(queue);
  }
}
