package io.shelfmark.tracking.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.NewExperiment;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.ParamChangedException;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What several programs do to one PostgreSQL at once, and what its administrators do. */
@Timeout(120)
class PostgresDatabaseTest {

  private static final int PROGRAMS = 3;
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  @TempDir Path folder;
  private Workspace workspace;
  private PostgresServer server;
  private final List<SqlTrackingStore> stores = new ArrayList<>();

  @BeforeEach
  void start() {
    server = PostgresServer.start();
    workspace = Workspace.open(folder);
  }

  @AfterEach
  void stop() {
    stores.forEach(SqlTrackingStore::close);
    workspace.close();
    server.close();
  }

  private SqlTrackingStore open() {
    return SqlTrackingStore.postgres(server.dataSource(), workspace, Clock.systemUTC());
  }

  private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(tasks.size());
    ExecutorService pool = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<T>> futures =
          tasks.stream()
              .map(
                  task ->
                      pool.submit(
                          () -> {
                            barrier.await();
                            return task.call();
                          }))
              .toList();
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void programs_thatOpenAndLogAtOnce_loseAndDoubleNothing() throws Exception {
    List<Callable<SqlTrackingStore>> opening = new ArrayList<>();
    for (int i = 0; i < PROGRAMS; i++) {
      opening.add(this::open);
    }
    stores.addAll(atOnce(opening));

    for (int round = 0; round < 20; round++) {
      NewRun run = NewRun.of("0", "shared", START);
      NewRun other = NewRun.of("0", "shared, too", START);
      List<Callable<List<Refusal>>> writing = new ArrayList<>();
      for (int program = 0; program < PROGRAMS; program++) {
        List<RunWrite> writes = new ArrayList<>();
        // each in another order, which would deadlock if rows were locked as they come
        List<NewRun> order = program % 2 == 0 ? List.of(run, other) : List.of(other, run);
        for (NewRun each : order) {
          writes.add(new RunWrite.Create(each));
          writes.add(new RunWrite.Log(each.id(), RunLog.metrics(points(program))));
          Map<String, String> param = Map.of("p", "of program " + program);
          writes.add(new RunWrite.Log(each.id(), RunLog.params(param)));
        }
        SqlTrackingStore store = stores.get(program);
        writing.add(() -> store.runs().write(writes));
      }
      List<Refusal> refused = atOnce(writing).stream().flatMap(List::stream).toList();

      assertThat(refused).hasSize(2 * (PROGRAMS - 1));
      assertThat(refused)
          .allSatisfy(each -> assertThat(each.reason()).isInstanceOf(ParamChangedException.class));
      assertThat(stores.get(0).runs().history(run.id(), "m", 1000, Optional.empty()).items())
          .hasSize(10 * PROGRAMS);
      assertThat(stores.get(0).runs().curve(run.id(), "m", 10).total()).isEqualTo(10 * PROGRAMS);
    }
  }

  private static List<Metric> points(int program) {
    List<Metric> points = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      points.add(new Metric("m", i, 10L * program + i, START));
    }
    return points;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = server.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void tables_thatAreAwayForAWhile_areUnavailable() throws SQLException {
    SqlTrackingStore store = open();
    stores.add(store);
    execute("alter schema shelfmark rename to moved");
    assertThatThrownBy(() -> store.experiments().create(NewExperiment.named("early")))
        .isInstanceOf(StoreUnavailableException.class);
    execute("alter schema moved rename to shelfmark");
    store.experiments().create(NewExperiment.named("late"));
    assertThat(store.experiments().findByName("late")).isPresent();
  }

  @Test
  void views_withATimeThatIsNone_stillAnswer() throws SQLException {
    SqlTrackingStore store = open();
    stores.add(store);
    NewRun run = NewRun.of("0", "nanoseconds", START);
    store.runs().create(run);
    Instant nanoseconds = Instant.ofEpochMilli(1_772_359_200_000_000_000L);
    Metric bad = new Metric("m", 1, 1, nanoseconds);
    Metric good = new Metric("m", 1, 2, START);
    store.runs().log(run.id(), RunLog.metrics(List.of(bad, good)));

    try (Connection connection = server.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select count(*), count(logged_at) from shelfmark.metric_points")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getLong(1)).isEqualTo(2);
      assertThat(rows.getLong(2)).isEqualTo(1);
    }
  }
}
