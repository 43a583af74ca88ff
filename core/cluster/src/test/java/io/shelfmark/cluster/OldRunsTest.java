package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.StepWorker;
import java.sql.Connection;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs that are removed, beside the start of others. */
@Timeout(60)
class OldRunsTest extends ProtocolCalls {

  private final Pipeline<Integer> pipeline = Pipeline.of("p", number("a"));
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private RunId old;

  @BeforeEach
  void endOne() throws Exception {
    old = start(pipeline);
    endings.early(old, RunState.CANCELLED, "enough");
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private boolean create(RunStore runs, RunOptions options) {
    RunEvent.RunStarted start = worker.start(pipeline, options, Instant.now());
    return runs.create(start, StepWorker.shapes(pipeline), 0);
  }

  @Test
  void remove_whileARunThatRepeatsItIsPutOnRecord_isRefused() throws Exception {
    CountDownLatch inserted = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    RunStore held = new RunStore(database, held(inserted, go));
    Future<Boolean> starting =
        threads.submit(() -> create(held, RunOptions.defaults().rerun(old, "a")));
    inserted.await();
    OldRuns runs = new OldRuns(database, new StepLogs(workspace), RetentionRule.keepAll());
    Future<Boolean> removing = threads.submit(() -> runs.remove(old));
    awaitLockWait();
    go.countDown();
    assertThat(starting.get()).isTrue();
    assertThat(removing.get()).isFalse();
    assertThat(records.find(old)).isPresent();
  }

  @Test
  void rerun_whileTheRunThatItRepeatsIsRemoved_findsNoSuchRun() throws Exception {
    Future<Boolean> starting;
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      Rows.update(connection, "DELETE FROM shelfmark_pipeline_runs WHERE id = ?", old.value());
      starting = threads.submit(() -> create(runs, RunOptions.defaults().rerun(old, "a")));
      awaitLockWait();
      connection.commit();
      connection.setAutoCommit(true);
    }
    assertThatThrownBy(starting::get)
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot rerun " + old + ": found no such run");
  }
}
