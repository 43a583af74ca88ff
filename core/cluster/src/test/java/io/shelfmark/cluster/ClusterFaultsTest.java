package io.shelfmark.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.Step;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tickets too many and too few, and processes that come late. */
@Timeout(60)
class ClusterFaultsTest extends ClusterProcesses {

  @Test
  void lostTicket_isFoundByTheReconciler() throws Exception {
    ClusterRunner host = opened(process(pool, store));
    Pipeline<Integer> pipeline = Pipeline.of("p", Step.named("a", Integer.class).run(context -> 5));
    PipelineRun<Integer> run = host.start(pipeline);
    try (Connection connection = pool.getConnection()) {
      assertThat(
              Rows.update(
                  connection,
                  "DELETE FROM %s WHERE task_instance = ?"
                      .formatted(QueueTable.of("default").name()),
                  run.id() + "/a/g1"))
          .isEqualTo(1);
    }
    worker(1).register(pipeline);
    assertThat(run.result()).isEqualTo(5);
  }

  @Test
  void duplicateTickets_makeNoFurtherCommit() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer> pipeline =
        Pipeline.of("p", Step.named("a", Integer.class).run(c -> calls.incrementAndGet()));
    ClusterRunner worker = worker(4);
    PipelineRun<Integer> run = worker.run(pipeline);
    try (SchedulerTickets tickets =
            new SchedulerTickets(
                new SchedulerTickets.Settings(
                    pool, "other", Heartbeats.defaults(), Duration.ofSeconds(1)));
        Connection connection = pool.getConnection()) {
      // the row came back, as when its removal was lost
      TestDatabase.await(
          "the row is gone",
          () -> count("SELECT count(*) FROM " + QueueTable.of("default").name()) == 0);
      tickets.put(
          connection,
          List.of(
              Ticket.of(run.id() + "/a/g1", "default"), Ticket.of(run.id() + "/a/g2", "default")));
    }
    TestDatabase.await(
        "both are dropped",
        () -> count("SELECT count(*) FROM " + QueueTable.of("default").name()) == 0);
    assertThat(calls).hasValue(1);
    assertThat(step(run, "a").attempts()).hasSize(1);
  }

  @Test
  void processCutOffBetweenArtifactAndCommit_isOvertakenAndFenced() throws Exception {
    CuttableConnections cuttable = new CuttableConnections(pool);
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch overtaken = new CountDownLatch(1);
    Step<ArtifactVersion> publish =
        Step.named("publish", ArtifactVersion.class)
            .run(
                c -> {
                  try (var version = c.newArtifact("model")) {
                    ArtifactVersion made =
                        version
                            .addStream("file", new ByteArrayInputStream("weights".getBytes(UTF_8)))
                            .publish();
                    if (calls.incrementAndGet() == 1) {
                      cuttable.cut();
                      overtaken.await();
                    }
                    return made;
                  }
                });
    Pipeline<ArtifactVersion> pipeline = Pipeline.of("publishing", publish);
    ClusterRunner first = opened(process(cuttable, store).queue("default", 1));
    PipelineRun<ArtifactVersion> run = first.start(pipeline);
    TestDatabase.await("the first has called it", () -> calls.get() == 1);
    ClusterRunner second = worker(1);
    PipelineRun<ArtifactVersion> same = second.start(pipeline, RunOptions.defaults().id(run.id()));
    ArtifactVersion result = same.result();
    cuttable.heal();
    overtaken.countDown();
    assertThat(first.run(Pipeline.of("next", Step.named("n", Integer.class).run(c -> 1))).result())
        .isEqualTo(1);
    assertThat(calls).hasValue(2);
    assertThat(step(same, "publish").attempts()).hasSize(2);
    assertThat(step(same, "publish").result().orElseThrow().json())
        .isEqualTo('"' + result.ref().toString() + '"');
    assertThat(result.number()).isEqualTo(2);
    assertThat(count("SELECT count(*) FROM shelfmark_pipeline_steps WHERE state = 'SUCCEEDED'"))
        .isEqualTo(2);
  }

  @Test
  void processThatLostItsStep_isInterrupted() throws Exception {
    CuttableConnections cuttable = new CuttableConnections(pool);
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer> pipeline =
        Pipeline.of(
            "p",
            Step.named("a", Integer.class)
                .run(
                    c -> {
                      if (calls.incrementAndGet() > 1) {
                        return 2;
                      }
                      cuttable.cut();
                      try {
                        new CountDownLatch(1).await();
                      } finally {
                        interrupted.countDown();
                      }
                      return 1;
                    }));
    PipelineRun<Integer> run = opened(process(cuttable, store).queue("default", 1)).start(pipeline);
    TestDatabase.await("the first has called it", () -> calls.get() == 1);
    ClusterRunner second = worker(1);
    assertThat(second.start(pipeline, RunOptions.defaults().id(run.id())).result()).isEqualTo(2);
    cuttable.heal();
    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private List<String> references() throws Exception {
    List<BlobKey> keys;
    try (Stream<BlobInfo> blobs = store.list("references/")) {
      keys = blobs.map(BlobInfo::key).toList();
    }
    List<String> found = new ArrayList<>();
    for (BlobKey key : keys) {
      try (InputStream stream = store.open(key)) {
        found.add(new String(stream.readAllBytes(), UTF_8));
      }
    }
    return found;
  }

  @Test
  void lateAttempt_neitherTakesTheWinnersVersionsNorKeepsItsOwn() throws Exception {
    CuttableConnections cuttable = new CuttableConnections(pool);
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch overtaken = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Step<ArtifactVersion> publish =
        Step.named("publish", ArtifactVersion.class)
            .run(
                c -> {
                  try (var version = c.newArtifact("model")) {
                    ArtifactVersion made =
                        version
                            .addStream("file", new ByteArrayInputStream("weights".getBytes(UTF_8)))
                            .publish();
                    if (calls.incrementAndGet() == 1) {
                      cuttable.cut();
                      overtaken.await();
                    }
                    return made;
                  }
                });
    Step<ArtifactVersion> hold =
        Step.named("hold", ArtifactVersion.class)
            .input(publish)
            .run(
                (c, version) -> {
                  held.countDown();
                  end.await();
                  return version;
                });
    Pipeline<ArtifactVersion> pipeline = Pipeline.of("publishing", hold);
    ClusterRunner first = opened(process(cuttable, store).queue("default", 1));
    PipelineRun<ArtifactVersion> run = first.start(pipeline);
    TestDatabase.await("the first has called it", () -> calls.get() == 1);
    PipelineRun<ArtifactVersion> same =
        worker(1).start(pipeline, RunOptions.defaults().id(run.id()));
    assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
    List<String> ofWinner = references();
    assertThat(ofWinner).hasSize(1);
    overtaken.countDown();
    TestDatabase.await("the late one has kept its version", () -> references().size() == 2);
    cuttable.heal();
    TestDatabase.await("it keeps it no longer", () -> references().equals(ofWinner));
    end.countDown();
    assertThat(same.result().number()).isEqualTo(2);
    TestDatabase.await("the run keeps nothing", () -> references().isEmpty());
  }
}
