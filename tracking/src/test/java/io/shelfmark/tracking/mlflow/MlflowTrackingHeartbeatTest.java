package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.testing.SettableClock;
import io.shelfmark.tracking.internal.sql.SqlTrackingStore;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.TrackingStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlflowTrackingHeartbeatTest {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  @TempDir Path folder;

  @Test
  void processThatDied_itsRunOnTheServerIsKilled() {
    SettableClock clock = SettableClock.at(START);
    try (Workspace workspace = Workspace.open(folder);
        TrackingStore served =
            SqlTrackingStore.sqlite(folder.resolve("tracking.db"), workspace, clock);
        MlflowHost host = MlflowHost.serving(served);
        TrackingStore store = MlflowTracking.at(host.uri()).open()) {
      String silent = store.runs().create(NewRun.of("0", "silent", START)).info().id();
      String alive = store.runs().create(NewRun.of("0", "alive", START)).info().id();
      Instant later = START.plus(Duration.ofHours(1));

      assertThat(
              store
                  .runs()
                  .write(
                      List.of(
                          new RunWrite.Heartbeat(silent, START.plusSeconds(10)),
                          new RunWrite.Heartbeat(alive, later))))
          .isEmpty();
      clock.advance(Duration.ofHours(1));

      RunRecord killed = store.runs().find(silent).orElseThrow();
      assertThat(killed.info().status()).isEqualTo(RunStatus.KILLED);
      assertThat(killed.info().endTime()).contains(START.plusSeconds(10));
      assertThat(killed.tags()).doesNotContainKey("shelfmark.heartbeat");
      assertThat(store.runs().find(alive).orElseThrow().info().status())
          .isEqualTo(RunStatus.RUNNING);
    }
  }
}
