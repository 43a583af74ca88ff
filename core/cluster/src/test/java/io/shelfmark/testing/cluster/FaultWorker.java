package io.shelfmark.testing.cluster;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.shelfmark.Workspace;
import io.shelfmark.cluster.ClusterRunner;
import io.shelfmark.pipeline.schedule.CatchUp;
import io.shelfmark.pipeline.schedule.Overlap;
import io.shelfmark.pipeline.schedule.Schedule;
import io.shelfmark.pipeline.schedule.Scheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** A process of the scenarios: it does steps until it is killed or told to end. */
public final class FaultWorker {

  /** What a worker logs for each result that came too late. */
  static final String FENCED = "counts for nothing";

  /** What a worker prints when it takes steps. */
  static final String READY = "takes steps";

  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final int MISSED = 4;
  private static final int FROM = 4;
  private static final int MOST_TICKS = 1_000;
  private static final Duration POLL = Duration.ofMillis(200);

  private FaultWorker() {}

  /**
   * A runner without queues, with what it was opened over: it starts runs and does none of them.
   */
  record Client(HikariDataSource pool, ClusterRunner runner) implements AutoCloseable {
    @Override
    public void close() {
      runner.close();
      pool.close();
    }
  }

  /** {@code URL FOLDER NAME SLOTS [FROM UNTIL]}: with two seconds, it watches a schedule too. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    Effects effects = new Effects(folder.resolve("effects"));
    int slots = Integer.parseInt(args[3]);
    CountDownLatch ended = new CountDownLatch(1);
    try (Workspace workspace = workspace(folder, args[2]);
        HikariDataSource pool = pool(args[0], slots + 4);
        ClusterRunner runner =
            ClusterRunner.over(pool, workspace)
                .queue(FaultPipelines.QUEUE, slots)
                .heartbeat(HEARTBEAT, MISSED)
                .poll(POLL)
                .open()) {
      runner.register(FaultPipelines.fanOut(effects));
      runner.register(FaultPipelines.crash(effects, folder.resolve("crashed")));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    runner.drain(Duration.ofSeconds(10));
                    runner.close();
                  }));
      System.out.println(READY);
      if (args.length > FROM) {
        watch(runner, workspace, effects, args);
      }
      ended.await();
    }
  }

  /** It ends with the process. */
  private static void watch(
      ClusterRunner runner, Workspace workspace, Effects effects, String[] args) {
    Schedule schedule =
        Schedule.every(Ticks.INTERVAL)
            .from(Instant.ofEpochSecond(Long.parseLong(args[FROM])))
            .until(Instant.ofEpochSecond(Long.parseLong(args[FROM + 1])))
            .catchUp(CatchUp.all(MOST_TICKS))
            .overlap(Overlap.ALLOW);
    Scheduler.on(runner, workspace)
        .takeover(HEARTBEAT.multipliedBy(MISSED))
        .open()
        .schedule(FaultPipelines.tick(effects), schedule);
  }

  static Workspace workspace(Path folder, String home) {
    return Workspace.builder()
        .store(folder.resolve("store").toUri())
        .home(folder.resolve(home))
        .open();
  }

  static Client client(String url, Workspace workspace) {
    HikariDataSource pool = pool(url, 3);
    return new Client(
        pool, ClusterRunner.over(pool, workspace).heartbeat(HEARTBEAT, MISSED).open());
  }

  /** Whether two versions of the model, as their names say, have the same content. */
  static boolean isSameContent(Path folder, String first, String second) {
    try (Workspace workspace = workspace(folder, "client")) {
      return workspace
          .artifacts()
          .require("model", number(first))
          .digest()
          .equals(workspace.artifacts().require("model", number(second)).digest());
    }
  }

  private static long number(String version) {
    return Long.parseLong(version.replaceAll(".*@(\\d+).*", "$1"));
  }

  private static HikariDataSource pool(String url, int size) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(2_000);
    config.setValidationTimeout(1_000);
    config.setInitializationFailTimeout(20_000);
    return new HikariDataSource(config);
  }
}
