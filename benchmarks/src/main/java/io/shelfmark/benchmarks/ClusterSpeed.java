package io.shelfmark.benchmarks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.shelfmark.Workspace;
import io.shelfmark.cluster.ClusterRunner;
import io.shelfmark.pipeline.FanOutBuilder;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.Step;
import io.shelfmark.testing.cluster.FaultDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * How many steps a second does one process of a cluster do, with the whole protocol, and how many
 * empty tasks does db-scheduler do alone, which promises less: no result, no epoch, no successor?
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.ClusterSpeed \
 *     FOLDER [STEPS [ROUNDS]]</pre>
 *
 * <p>Both take turns on one PostgreSQL that writes each commit to the disk, with four threads and
 * the same way of polling. Medians are printed, and the median of the turns' ratios.
 */
public final class ClusterSpeed {

  private static final int THREADS = 4;
  private static final Duration POLL = Duration.ofMillis(100);

  private final Path folder;
  private final FaultDatabase server;
  private final int steps;

  private ClusterSpeed(Path folder, FaultDatabase server, int steps) {
    this.folder = folder;
    this.server = server;
    this.steps = steps;
  }

  /** 2,000 steps in five rounds by default. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    double[] alone = new double[rounds];
    double[] whole = new double[rounds];
    double[] ratios = new double[rounds];
    try (FaultDatabase server = FaultDatabase.start(folder.resolve("database"))) {
      ClusterSpeed speed = new ClusterSpeed(folder, server, steps);
      speed.scheduler();
      speed.cluster(0);
      for (int round = 0; round < rounds; round++) {
        alone[round] = speed.scheduler();
        whole[round] = speed.cluster(round + 1);
        ratios[round] = whole[round] / alone[round];
      }
    }
    System.out.printf(
        Locale.ROOT,
        "db-scheduler alone %.0f tasks/s, cluster %.0f steps/s, of it %.2f%n",
        Median.of(alone),
        Median.of(whole),
        Median.of(ratios));
  }

  private HikariDataSource pool() throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(FaultDatabase.url(server.port(), server.create()));
    config.setMaximumPoolSize(2 * THREADS + 8);
    return new HikariDataSource(config);
  }

  private double perSecond(long start) {
    return steps / ((System.nanoTime() - start) / 1e9);
  }

  private double scheduler() throws Exception {
    try (HikariDataSource database = pool()) {
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(
            """
            CREATE TABLE scheduled_tasks (
              task_name text NOT NULL, task_instance text NOT NULL, task_data bytea,
              execution_time timestamptz NOT NULL, picked boolean NOT NULL, picked_by text,
              last_success timestamptz, last_failure timestamptz, consecutive_failures int,
              last_heartbeat timestamptz, version bigint NOT NULL, priority smallint,
              PRIMARY KEY (task_name, task_instance));
            CREATE INDEX due ON scheduled_tasks (execution_time)""");
      }
      CountDownLatch done = new CountDownLatch(steps);
      OneTimeTask<Void> task =
          Tasks.oneTime("empty").execute((instance, context) -> done.countDown());
      return run(database, task, done);
    }
  }

  private double run(DataSource database, OneTimeTask<Void> task, CountDownLatch done)
      throws InterruptedException {
    Scheduler scheduler =
        Scheduler.create(database, task)
            .threads(THREADS)
            .pollUsingLockAndFetch(0.5, 1.0)
            .pollingInterval(POLL)
            .build();
    long start = System.nanoTime();
    Instant now = Instant.now();
    List<TaskInstance<?>> tasks =
        IntStream.range(0, steps)
            .<TaskInstance<?>>mapToObj(i -> task.instance(Integer.toString(i)))
            .toList();
    scheduler.scheduleBatch(tasks, now);
    scheduler.start();
    done.await();
    double speed = perSecond(start);
    scheduler.stop();
    return speed;
  }

  private double cluster(int round) throws Exception {
    Parameter<List<Integer>> numbers =
        Parameter.ofList("numbers", Integer.class, IntStream.range(0, steps).boxed().toList());
    FanOutBuilder<Integer, Integer> each = Step.forEach("each", numbers, Integer.class);
    Pipeline<List<Integer>> pipeline = Pipeline.of("speed", each.run((context, number) -> number));
    try (HikariDataSource database = pool();
        Workspace workspace = Workspace.open(folder.resolve("workspace-" + round));
        ClusterRunner runner =
            ClusterRunner.over(database, workspace).queue("default", THREADS).poll(POLL).open()) {
      long start = System.nanoTime();
      int results = runner.run(pipeline).result().size();
      double speed = perSecond(start);
      if (results != steps) {
        throw new IllegalStateException(results + " results");
      }
      return speed;
    }
  }
}
