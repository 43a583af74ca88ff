package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the tables are made. */
@Timeout(60)
class MigrationsTest extends ProtocolCalls {

  private static long runsOf(Database database) throws SQLException {
    try (Connection connection = database.source().getConnection()) {
      return TestDatabase.number(connection, "SELECT count(*) FROM shelfmark_pipeline_runs");
    }
  }

  @Test
  void tables_areMadeOnceByManyProcesses() throws Exception {
    Database empty = new Database(server.pool(server.url(server.create())));
    ExecutorService threads = Executors.newFixedThreadPool(3);
    CyclicBarrier together = new CyclicBarrier(3);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(
          threads.submit(
              () -> {
                together.await();
                Migrations.run(empty);
                return true;
              }));
    }
    for (Future<?> each : all) {
      assertThat(each.get()).isEqualTo(true);
    }
    threads.shutdown();
  }

  @Test
  void tables_ofAProcessKilledBetweenHistoryAndBaseline_areMade() throws Exception {
    Database half = new Database(server.pool(server.url(server.create())));
    try (Connection connection = half.source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE of_the_host (id int)");
      statement.execute(
          """
          CREATE TABLE shelfmark_pipeline_schema_history (installed_rank int NOT NULL PRIMARY KEY,
            version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL,
            script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL,
            installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL,
            success boolean NOT NULL)""");
    }
    Migrations.run(half);
    assertThat(runsOf(half)).isZero();
  }
}
