package io.shelfmark.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.shelfmark.Workspace;
import io.shelfmark.tracking.Experiment;
import io.shelfmark.tracking.Run;
import io.shelfmark.tracking.Tracker;
import io.shelfmark.tracking.mlflow.MlflowTracking;
import io.shelfmark.tracking.store.Curve;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.TrackingStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/**
 * What does logging cost the caller, how many points a second become durable, how fast are runs
 * made, searched and drawn? On SQLite in a folder, then the same on PostgreSQL, which it starts
 * itself.
 *
 * <pre>java -Xmx2g -cp benchmarks/target/shelfmark-benchmarks.jar \
 *     io.shelfmark.benchmarks.TrackingSpeed FOLDER</pre>
 *
 * <p>The folder must be empty, and on the disk that is asked about.
 */
public final class TrackingSpeed {

  private static final int ROUNDS = 5;

  private final String database;
  private final Tracker tracker;

  private TrackingSpeed(String database, Tracker tracker) {
    this.database = database;
    this.tracker = tracker;
  }

  /** Measures both. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    try (Workspace workspace = Workspace.open(folder.resolve("sqlite"));
        Tracker tracker = Tracker.builder(workspace).withoutSystemMetrics().open()) {
      new TrackingSpeed("SQLite", tracker).measure(args.length > 1 ? args[1] : "all");
    }
    Path data = Files.createDirectories(folder.resolve("postgres-data"));
    try (EmbeddedPostgres server = postgres(data);
        HikariDataSource pool = pool(server);
        Workspace workspace = Workspace.open(folder.resolve("postgres"));
        Tracker tracker = Tracker.builder(workspace).database(pool).withoutSystemMetrics().open()) {
      new TrackingSpeed("PostgreSQL", tracker).measure(args.length > 1 ? args[1] : "all");
    }
  }

  /** As the embedded server is set up for tests it would not sync: here it does. */
  private static EmbeddedPostgres postgres(Path data) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .start();
  }

  private static HikariDataSource pool(EmbeddedPostgres server) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
    config.setMaximumPoolSize(8);
    return new HikariDataSource(config);
  }

  private void measure(String part) throws Exception {
    if (part.equals("all") || part.equals("runs")) {
      runs(16, 250);
      runs(32, 250);
      runs(64, 125);
    }
    if (part.equals("all") || part.equals("mlflow")) {
      mlflow();
    }
    if (part.equals("all") || part.equals("metrics")) {
      points(1);
      points(20);
    }
    if (part.equals("all") || part.equals("search")) {
      search();
    }
    if (part.equals("all") || part.equals("curve")) {
      curve();
    }
  }

  /** One thread logs a million points of some metrics and flushes. */
  private void points(int metrics) {
    int count = 1_000_000;
    Experiment experiment = tracker.experiment("points");
    String[] keys = new String[metrics];
    Arrays.setAll(keys, i -> "metric" + i);
    double[] calls = new double[ROUNDS];
    double[] rates = new double[ROUNDS];
    double[] stored = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      try (Run run = experiment.start("points")) {
        run.flush();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
          run.metric(keys[i % metrics], i, i / metrics);
        }
        long logged = System.nanoTime();
        run.flush();
        long durable = System.nanoTime();
        if (round >= 0) {
          calls[round] = (logged - start) / (double) count;
          rates[round] = count / ((durable - start) / 1e9);
        }
        deliver();
        if (round >= 0) {
          stored[round] = count / ((System.nanoTime() - start) / 1e9);
        }
      }
    }
    print("%d metrics: a call takes the caller %.0f ns", metrics, Median.of(calls));
    print("%d metrics: %.0f points a second durable", metrics, Median.of(rates));
    print("%d metrics: %.0f points a second in the database", metrics, Median.of(stored));
  }

  private void deliver() {
    if (!tracker.deliver(Duration.ofMinutes(5))) {
      throw new IllegalStateException("the database does not take the points");
    }
  }

  /** Threads make runs of 20 params and 20 metrics, each durable when it is closed. */
  private void runs(int threads, int each) throws Exception {
    Experiment experiment = tracker.experiment("runs");
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    double[] rates = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      long start = System.nanoTime();
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        done.add(pool.submit(() -> make(experiment, each)));
      }
      for (Future<?> future : done) {
        future.get();
      }
      if (round >= 0) {
        rates[round] = threads * each / ((System.nanoTime() - start) / 1e9);
      }
      deliver();
    }
    pool.shutdown();
    print("%d threads: %.0f runs of 20 params and 20 metrics a second", threads, Median.of(rates));
  }

  private static void make(Experiment experiment, int count) {
    for (int i = 0; i < count; i++) {
      try (Run run = experiment.start("run")) {
        Map<String, Object> params = new HashMap<>();
        for (int key = 0; key < 20; key++) {
          params.put("param" + key, key * i);
        }
        run.params(params);
        for (int key = 0; key < 20; key++) {
          run.metric("metric" + key, key * i, i);
        }
      }
    }
  }

  /** The same runs by MLflow's own Java client over a server of ours, and by our client. */
  private void mlflow() throws Exception {
    int count = 200;
    try (MlflowHost host = MlflowHost.start(tracker.store(), 0);
        MlflowClient client = new MlflowClient(host.address().toString());
        TrackingStore ours = MlflowTracking.at(host.address()).open()) {
      String experiment = tracker.experiment("mlflow").id();
      double[] theirs = new double[ROUNDS];
      double[] rest = new double[ROUNDS];
      double[] direct = new double[ROUNDS];
      for (int round = -1; round < ROUNDS; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
          logByClient(client, experiment);
        }
        long second = System.nanoTime();
        for (int i = 0; i < count; i++) {
          logToStore(ours, experiment);
        }
        long third = System.nanoTime();
        for (int i = 0; i < count; i++) {
          logToStore(tracker.store(), experiment);
        }
        long end = System.nanoTime();
        if (round >= 0) {
          theirs[round] = count / ((second - start) / 1e9);
          rest[round] = count / ((third - second) / 1e9);
          direct[round] = count / ((end - third) / 1e9);
        }
      }
      print(
          "1 thread, each run durable before the next: MLflow's client to our server %.0f runs a second",
          Median.of(theirs));
      print(
          "1 thread, each run durable before the next: our client to our server %.0f",
          Median.of(rest));
      print("1 thread, each run durable before the next: in process %.0f", Median.of(direct));
    }
  }

  private static void logByClient(MlflowClient client, String experiment) {
    String id = client.createRun(experiment).getRunUuid();
    List<Service.Param> params = new ArrayList<>();
    List<Service.Metric> metrics = new ArrayList<>();
    for (int key = 0; key < 20; key++) {
      params.add(Service.Param.newBuilder().setKey("param" + key).setValue("" + key).build());
      metrics.add(
          Service.Metric.newBuilder()
              .setKey("metric" + key)
              .setValue(key)
              .setTimestamp(key)
              .setStep(1)
              .build());
    }
    client.logBatch(id, metrics, params, List.of());
    client.setTerminated(id);
  }

  private static void logToStore(TrackingStore store, String experiment) {
    NewRun run = NewRun.of(experiment, "run", Instant.now());
    Map<String, String> params = new HashMap<>();
    List<Metric> metrics = new ArrayList<>();
    for (int key = 0; key < 20; key++) {
      params.put("param" + key, "" + key);
      metrics.add(new Metric("metric" + key, key, 1, Instant.ofEpochMilli(key)));
    }
    store
        .runs()
        .write(
            List.of(
                new RunWrite.Create(run),
                new RunWrite.Log(run.id(), new RunLog(params, metrics, Map.of())),
                new RunWrite.Update(run.id(), RunUpdate.ended(RunStatus.FINISHED, Instant.now()))));
  }

  /** The best 100 of 100,000 runs above a value, by that metric. */
  private void search() {
    Experiment experiment = tracker.experiment("search");
    Random random = new Random(4);
    for (int from = 0; from < 100_000; from += 2000) {
      List<RunWrite> writes = new ArrayList<>();
      for (int i = from; i < from + 2000; i++) {
        NewRun run = NewRun.of(experiment.id(), "run " + i, Instant.ofEpochMilli(i));
        writes.add(new RunWrite.Create(run));
        writes.add(
            new RunWrite.Log(
                run.id(),
                new RunLog(
                    Map.of("lr", String.valueOf(i % 7), "size", "640"),
                    List.of(
                        new Metric("acc", random.nextDouble(), 1, Instant.ofEpochMilli(i)),
                        new Metric("loss", random.nextDouble(), 1, Instant.ofEpochMilli(i))),
                    Map.of())));
      }
      tracker.store().runs().write(writes);
    }
    RunQuery best =
        experiment
            .query()
            .where(Field.metric("acc").above(0.5))
            .orderBy(Field.metric("acc").descending())
            .limit(100);
    RunQuery both = best.where(Field.param("lr").is("3")).orderBy(Field.metric("loss").ascending());
    RunQuery last = experiment.query().limit(100);
    print("100,000 runs: best 100 by a metric above a value: %.1f ms", searched(best));
    print("100,000 runs: of a param, by another metric: %.1f ms", searched(both));
    print("100,000 runs: the last 100: %.1f ms", searched(last));
  }

  private double searched(RunQuery query) {
    double[] millis = new double[4 * ROUNDS];
    for (int round = -4; round < millis.length; round++) {
      long start = System.nanoTime();
      int found = tracker.search(query).items().size();
      if (found != 100) {
        throw new IllegalStateException("found " + found + " runs");
      }
      if (round >= 0) {
        millis[round] = (System.nanoTime() - start) / 1e6;
      }
    }
    return Median.of(millis);
  }

  /** A history of a million points as a curve of a thousand. */
  private void curve() {
    String id;
    try (Run run = tracker.experiment("curve").start("long")) {
      id = run.id();
      Random random = new Random(5);
      for (int i = 0; i < 1_000_000; i++) {
        run.metric("loss", random.nextGaussian(), i);
      }
    }
    deliver();
    double[] millis = new double[4 * ROUNDS];
    for (int round = -4; round < millis.length; round++) {
      long start = System.nanoTime();
      Curve curve = tracker.curve(id, "loss", 1000);
      if (curve.total() != 1_000_000) {
        throw new IllegalStateException("found " + curve.total() + " points");
      }
      if (round >= 0) {
        millis[round] = (System.nanoTime() - start) / 1e6;
      }
    }
    print("1,000,000 points as a curve of 1,000: %.1f ms", Median.of(millis));
  }

  private void print(String format, Object... values) {
    System.out.println(database + ", " + String.format(Locale.ROOT, format, values));
  }
}
