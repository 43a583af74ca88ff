package io.shelfmark.cluster;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.testing.InMemoryBlobStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runners of several processes, over one database and one store; they are closed after a test. */
abstract class ClusterProcesses {

  static final Duration LONG = Duration.ofSeconds(30);

  static TestDatabase server;

  @TempDir Path temporary;
  final BlobStore store = new InMemoryBlobStore(Clock.systemUTC());
  final List<AutoCloseable> open = new ArrayList<>();
  DataSource pool;

  @BeforeAll
  static void startServer() {
    server = TestDatabase.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void createDatabase() {
    pool = server.pool(server.url(server.create()));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  ClusterRunnerBuilder process(DataSource connections, BlobStore blobs) {
    Workspace workspace =
        Workspace.builder().store(blobs).home(temporary.resolve("home" + open.size())).open();
    open.add(workspace);
    return ClusterRunner.over(connections, workspace)
        .heartbeat(Duration.ofMillis(250), 4)
        .poll(Duration.ofMillis(20))
        .watch(Duration.ofMillis(50), Duration.ofMillis(300));
  }

  ClusterRunner opened(ClusterRunnerBuilder builder) {
    ClusterRunner runner = builder.open();
    open.add(runner);
    return runner;
  }

  ClusterRunner worker(int steps) {
    return opened(process(pool, store).queue("default", steps));
  }

  static StepRecord step(PipelineRun<?> run, String name) {
    return run.record().step(name).orElseThrow();
  }

  long count(String sql) throws Exception {
    try (Connection connection = pool.getConnection()) {
      return TestDatabase.number(connection, sql);
    }
  }
}
