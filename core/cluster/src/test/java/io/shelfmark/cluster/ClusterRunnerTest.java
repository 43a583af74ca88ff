package io.shelfmark.cluster;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.PipelineRunnerContract;
import io.shelfmark.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class ClusterRunnerTest extends PipelineRunnerContract {

  private static TestDatabase server;

  @TempDir Path temporary;
  private Workspace workspace;
  private ClusterRunner runner;

  @BeforeAll
  static void startServer() {
    server = TestDatabase.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void open() {
    SettableClock clock = SettableClock.create();
    workspace =
        Workspace.builder()
            .store(new InMemoryBlobStore(clock))
            .home(temporary.resolve("home"))
            .clock(clock)
            .open();
    runner =
        ClusterRunner.over(server.pool(server.url(server.create())), workspace)
            .queue("default", 4)
            .secrets(name -> name.equals("token") ? Optional.of(SECRET) : Optional.empty())
            .poll(Duration.ofMillis(20))
            .watch(Duration.ofMillis(50), Duration.ofMillis(500))
            .open();
  }

  @AfterEach
  void close() {
    runner.close();
    workspace.close();
  }

  @Override
  protected PipelineRunner runner() {
    return runner;
  }
}
