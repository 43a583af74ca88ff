package io.shelfmark.tracking.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.testing.SettableClock;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunInfo;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SilentRunTest {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  @TempDir Path folder;

  private final SettableClock clock = SettableClock.at(START);

  @Test
  void run_silentForAMinute_isKilledUntilItIsHeardAgain() {
    try (Workspace workspace = Workspace.open(folder);
        SqlTrackingStore store =
            SqlTrackingStore.sqlite(folder.resolve("tracking.db"), workspace, clock)) {
      NewRun run = NewRun.of("0", "silent", START);
      NewRun other = NewRun.of("0", "never said that it lives", START);
      store
          .runs()
          .write(
              List.of(
                  new RunWrite.Create(run),
                  new RunWrite.Create(other),
                  new RunWrite.Heartbeat(run.id(), START.plusSeconds(5))));

      clock.advance(Duration.ofSeconds(65));
      assertThat(info(store, run).status()).isEqualTo(RunStatus.RUNNING);
      clock.advance(Duration.ofSeconds(15));
      assertThat(info(store, run).status()).isEqualTo(RunStatus.KILLED);
      assertThat(info(store, run).endTime()).contains(START.plusSeconds(5));
      assertThat(info(store, other).status()).isEqualTo(RunStatus.RUNNING);

      store.runs().write(List.of(new RunWrite.Heartbeat(run.id(), clock.instant())));
      assertThat(info(store, run).status()).isEqualTo(RunStatus.RUNNING);
      assertThat(info(store, run).endTime()).isEmpty();
    }
  }

  @Test
  void run_renamedWhileSilent_isRunningWhenItIsHeardAgain() {
    try (Workspace workspace = Workspace.open(folder);
        SqlTrackingStore store =
            SqlTrackingStore.sqlite(folder.resolve("tracking.db"), workspace, clock)) {
      NewRun run = NewRun.of("0", "asleep", START);
      store
          .runs()
          .write(List.of(new RunWrite.Create(run), new RunWrite.Heartbeat(run.id(), START)));
      clock.advance(Duration.ofSeconds(80));
      assertThat(info(store, run).status()).isEqualTo(RunStatus.KILLED);

      store
          .runs()
          .update(
              run.id(), new RunUpdate(Optional.empty(), Optional.empty(), Optional.of("renamed")));
      assertThat(info(store, run).status()).isEqualTo(RunStatus.KILLED);
      store.runs().write(List.of(new RunWrite.Heartbeat(run.id(), clock.instant())));
      assertThat(info(store, run).status()).isEqualTo(RunStatus.RUNNING);
    }
  }

  @Test
  void run_resumedByAProgramWithoutSigns_isNotSilent() {
    try (Workspace workspace = Workspace.open(folder);
        SqlTrackingStore store =
            SqlTrackingStore.sqlite(folder.resolve("tracking.db"), workspace, clock)) {
      NewRun run = NewRun.of("0", "resumed", START);
      store
          .runs()
          .write(
              List.of(
                  new RunWrite.Create(run),
                  new RunWrite.Heartbeat(run.id(), START),
                  new RunWrite.Update(run.id(), RunUpdate.ended(RunStatus.FINISHED, START))));
      clock.advance(Duration.ofHours(1));
      store.runs().update(run.id(), RunUpdate.resumed());
      clock.advance(Duration.ofHours(1));
      assertThat(info(store, run).status()).isEqualTo(RunStatus.RUNNING);
    }
  }

  @Test
  void run_silentAfterTheClockWentBack_isFound() {
    try (Workspace workspace = Workspace.open(folder);
        SqlTrackingStore store =
            SqlTrackingStore.sqlite(folder.resolve("tracking.db"), workspace, clock)) {
      clock.advance(Duration.ofDays(1));
      assertThat(store.runs().find("x")).isEmpty();
      clock.advance(Duration.ofDays(-1));
      NewRun run = NewRun.of("0", "silent", START);
      store
          .runs()
          .write(List.of(new RunWrite.Create(run), new RunWrite.Heartbeat(run.id(), START)));
      clock.advance(Duration.ofSeconds(80));
      assertThat(info(store, run).status()).isEqualTo(RunStatus.KILLED);
    }
  }

  @Test
  void runs_ofARecordThatTakesNoWrites_areRead() {
    SqliteDatabase database = SqliteDatabase.open(folder.resolve("tracking.db"));
    try (database) {
      SqlRuns runs = new SqlRuns(database, clock);
      NewRun run = NewRun.of("0", "silent", START);
      runs.write(List.of(new RunWrite.Create(run), new RunWrite.Heartbeat(run.id(), START)));
      database.write(sql -> sql.update("pragma query_only = 1"));
      clock.advance(Duration.ofHours(1));

      assertThat(runs.find(run.id())).isPresent();
    }
  }

  private static RunInfo info(SqlTrackingStore store, NewRun run) {
    return store.runs().find(run.id()).orElseThrow().info();
  }
}
