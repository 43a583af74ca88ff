package io.shelfmark.cluster;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.shelfmark.Workspace;
import io.shelfmark.WorkspaceBuilder;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunEvent;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Options of a {@link ClusterWorker}: those of its environment, and what only its host's code can
 * give. Secrets of steps are environment variables too, by their own names. Not thread-safe.
 */
public final class ClusterWorkerBuilder {

  /** A queue's poller and housekeepers. */
  private static final int CONNECTIONS_OF_A_QUEUE = 1 + RunningQueue.HOUSEKEEPERS;

  /** Of what the process looks at, and for the host. */
  private static final int MORE_CONNECTIONS = 4;

  private static final int MISSED_HEARTBEATS = 6;

  private final Map<String, String> environment;
  private final Map<String, Integer> queues;
  private final List<Pipeline<?>> pipelines = new ArrayList<>();
  private final List<RunEvent.Listener> listeners = new ArrayList<>();
  private Optional<MeterRegistry> metrics = Optional.empty();

  ClusterWorkerBuilder(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    this.queues = queues(require("SHELFMARK_QUEUES", "such as default=4,gpu=1"));
    require("SHELFMARK_DATABASE", "a JDBC URL of PostgreSQL");
    require("SHELFMARK_STORE", "the address of a store, such as s3://bucket/prefix");
    drainLimit();
    heartbeat();
    HealthServer.require(healthAddress(), healthToken());
  }

  /** Registers a pipeline before the worker begins. */
  public ClusterWorkerBuilder pipeline(Pipeline<?> pipeline) {
    pipelines.add(Objects.requireNonNull(pipeline, "pipeline"));
    return this;
  }

  /** Hears of what this worker does. */
  public ClusterWorkerBuilder listener(RunEvent.Listener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /** Where it tells its figures; the registry stays the host's. */
  public ClusterWorkerBuilder metrics(MeterRegistry registry) {
    metrics = Optional.of(registry);
    return this;
  }

  /**
   * Starts it.
   *
   * @throws io.shelfmark.storage.StorageException when the database or the store cannot be used
   */
  public ClusterWorker start() {
    return ClusterWorker.start(this);
  }

  private String require(String name, String wanted) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot start a worker: found no environment variable %s, expected %s"
                        .formatted(name, wanted)));
  }

  private Optional<String> find(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static Map<String, Integer> queues(String text) {
    Map<String, Integer> queues = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String steps = part.substring(equals + 1).trim();
      if (equals < 1 || !steps.matches("[1-9][0-9]{0,3}")) {
        throw new IllegalArgumentException(
            "Cannot start a worker: found queue «%s» in SHELFMARK_QUEUES, expected LABEL=STEPS-AT-ONCE"
                .formatted(part));
      }
      queues.put(part.substring(0, equals).trim(), Integer.parseInt(steps));
    }
    return queues;
  }

  Duration drainLimit() {
    return Duration.ofSeconds(number("SHELFMARK_DRAIN_SECONDS", 60));
  }

  private Duration heartbeat() {
    return Duration.ofSeconds(number("SHELFMARK_HEARTBEAT_SECONDS", 10));
  }

  InetSocketAddress healthAddress() {
    return new InetSocketAddress(
        find("SHELFMARK_HEALTH_HOST").orElse("127.0.0.1"), number("SHELFMARK_HEALTH_PORT", 8081));
  }

  Optional<String> healthToken() {
    return find("SHELFMARK_HEALTH_TOKEN");
  }

  private int number(String name, int otherwise) {
    String text = find(name).orElse(Integer.toString(otherwise));
    if (!text.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException(
          "Cannot start a worker: found %s=%s, expected a number".formatted(name, text));
    }
    return Integer.parseInt(text);
  }

  /** With the time limits that its heartbeat asks for, unless the URL has its own. */
  HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    Duration deathAge = heartbeat().multipliedBy(MISSED_HEARTBEATS);
    long half = Math.max(1, deathAge.toSeconds() / 2);
    config.addDataSourceProperty("socketTimeout", Long.toString(half));
    config.addDataSourceProperty("connectTimeout", Long.toString(Math.min(half, 10)));
    config.addDataSourceProperty(
        "options", "-c idle_in_transaction_session_timeout=" + deathAge.toMillis());
    config.setJdbcUrl(require("SHELFMARK_DATABASE", "a JDBC URL"));
    find("SHELFMARK_DATABASE_USER").ifPresent(config::setUsername);
    find("SHELFMARK_DATABASE_PASSWORD").ifPresent(config::setPassword);
    config.setMaximumPoolSize(
        queues.values().stream().mapToInt(steps -> steps + CONNECTIONS_OF_A_QUEUE).sum()
            + MORE_CONNECTIONS);
    config.setPoolName("shelfmark-worker");
    return new HikariDataSource(config);
  }

  Workspace workspace() {
    WorkspaceBuilder workspace =
        Workspace.builder().store(URI.create(require("SHELFMARK_STORE", "an address")));
    find("SHELFMARK_HOME").map(Path::of).ifPresent(workspace::home);
    return workspace.open();
  }

  ClusterRunner open(DataSource pool, Workspace workspace) {
    ClusterRunnerBuilder runner =
        ClusterRunner.over(pool, workspace)
            .heartbeat(heartbeat(), MISSED_HEARTBEATS)
            .secrets(name -> Optional.ofNullable(environment.get(name)));
    queues.forEach(runner::queue);
    listeners.forEach(runner::listener);
    metrics.ifPresent(runner::metrics);
    pipelines.forEach(runner::register);
    return runner.open();
  }
}
