package io.shelfmark.tracking.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.shelfmark.Workspace;
import io.shelfmark.tracking.Run;
import io.shelfmark.tracking.Tracker;
import io.shelfmark.tracking.store.Metric;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PostgresRestartTest {

  private static final int EACH = 5_000;

  @TempDir Path folder;

  @Test
  void postgres_restartedInMidRun_losesAndDoublesNothing() throws Exception {
    Path data = folder.resolve("data");
    EmbeddedPostgres server =
        EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false).start();
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
    config.setMaximumPoolSize(3);
    config.setConnectionTimeout(1000);
    config.setMaxLifetime(30_000);
    int port = server.getPort();
    try (Workspace workspace = Workspace.open(folder.resolve("workspace"));
        HikariDataSource pool = new HikariDataSource(config);
        Tracker tracker = Tracker.builder(workspace).database(pool).open();
        Run run = tracker.experiment("restart").start("through a restart")) {
      log(run, 0);
      run.flush();
      log(run, EACH);
      server.close();
      log(run, 2 * EACH);
      // durable although the server is away: it is in the spool
      run.flush();
      log(run, 3 * EACH);
      server =
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setPort(port)
              .start();
      log(run, 4 * EACH);
      run.close();
      while (!tracker.deliver(Duration.ofSeconds(10))) {
        // the outbox has not tried again yet
        Thread.onSpinWait();
      }
      List<Metric> points =
          tracker.store().runs().history(run.id(), "m", 1_000_000, Optional.empty()).items();
      assertThat(points).hasSize(5 * EACH);
      assertThat(points.get(5 * EACH - 1).step()).isEqualTo(5 * EACH - 1);
      assertThat(tracker.curve(run.id(), "m", 10).total()).isEqualTo(5 * EACH);
      assertThat(tracker.require(run.id()).params()).hasSize(5);
    } finally {
      server.close();
    }
  }

  private static void log(Run run, int from) {
    run.params(Map.of("from" + from, from));
    for (int i = from; i < from + EACH; i++) {
      run.metric("m", Math.sqrt(i), i);
    }
  }
}
