package io.shelfmark.testing.cluster;

import io.shelfmark.testing.cluster.FaultScenario.Extent;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each failure once, as short as it can be. What must hold is checked by the scenario itself. */
@Timeout(300)
class FaultTest {

  @TempDir static Path data;
  private static FaultDatabase server;

  @TempDir Path folder;

  @BeforeAll
  static void startServer() throws Exception {
    server = FaultDatabase.start(data.resolve("postgres"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(FaultScenario.class)
  void failure_ofAnyKind_losesAndDoublesNothing(FaultScenario scenario) throws Exception {
    scenario.run(server, folder, Extent.SHORT);
  }
}
