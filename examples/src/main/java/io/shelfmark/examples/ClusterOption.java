package io.shelfmark.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.shelfmark.Workspace;
import io.shelfmark.cluster.ClusterRunner;
import io.shelfmark.cluster.ClusterRunnerBuilder;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.RunEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether pipelines are done in this process or on a cluster. */
final class ClusterOption {

  /** Where --jdbc comes from when it is not given: a password has no place in a command line. */
  static final String VARIABLE = "SHELFMARK_JDBC";

  /** How many heartbeats may be missed before a worker counts as dead. */
  private static final int MISSED = 6;

  /** Of a process that does no steps. */
  private static final int CONNECTIONS = 4;

  @Option(
      names = "--jdbc",
      paramLabel = "URL",
      defaultValue = "${env:" + VARIABLE + ":-}",
      description =
          "PostgreSQL of a cluster, such as jdbc:postgresql://HOST/NAME?user=NAME; also from the variable "
              + VARIABLE
              + ", which is the place for a password. Without it, this process does everything.")
  private String jdbc = "";

  @Option(
      names = "--heartbeat",
      paramLabel = "DURATION",
      defaultValue = "PT10S",
      description =
          "How often workers tell that they live, the same for all; after six times as long without it one is dead (default: ${DEFAULT-VALUE}).")
  private Duration heartbeat = Duration.ofSeconds(10);

  /** A runner and the connections that it uses, closed together. */
  record Open(PipelineRunner runner, @Nullable HikariDataSource connections)
      implements AutoCloseable {
    boolean isCluster() {
      return connections != null;
    }

    @Override
    public void close() {
      runner.close();
      if (connections != null) {
        connections.close();
      }
    }
  }

  /**
   * In whole seconds, as a worker's environment has it.
   *
   * @throws IllegalArgumentException when it is less than one
   */
  Duration heartbeat() {
    if (heartbeat.toSeconds() < 1 || heartbeat.toNanosPart() != 0) {
      throw new IllegalArgumentException(
          "Cannot take %s as heartbeat: expected whole seconds, such as PT1S".formatted(heartbeat));
    }
    return heartbeat;
  }

  /**
   * The database's address.
   *
   * @throws IllegalArgumentException when there is none
   */
  String requireJdbc() {
    if (jdbc.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot reach a cluster: found neither --jdbc nor %s, expected the address of a PostgreSQL"
              .formatted(VARIABLE));
    }
    return jdbc;
  }

  /** The cluster's runner, which does no steps here, or the one of this process. */
  Open open(Workspace workspace, RunEvent.Listener... listeners) {
    if (!jdbc.isEmpty()) {
      return cluster(workspace, listeners);
    }
    var builder = LocalRunner.in(workspace);
    for (RunEvent.Listener listener : listeners) {
      builder.listener(listener);
    }
    return new Open(builder.open(), null);
  }

  private Open cluster(Workspace workspace, RunEvent.Listener... listeners) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(requireJdbc());
    config.setMaximumPoolSize(CONNECTIONS);
    // a cut connection, or a process that stands still in a transaction, holds up nobody for long
    long half = Math.max(1, heartbeat().multipliedBy(MISSED).toSeconds() / 2);
    config.addDataSourceProperty("socketTimeout", Long.toString(half));
    config.addDataSourceProperty("connectTimeout", Long.toString(Math.min(half, 10)));
    config.addDataSourceProperty(
        "options",
        "-c idle_in_transaction_session_timeout=" + heartbeat.multipliedBy(MISSED).toMillis());
    HikariDataSource connections = new HikariDataSource(config);
    try {
      ClusterRunnerBuilder builder =
          ClusterRunner.over(connections, workspace).heartbeat(heartbeat, MISSED);
      for (RunEvent.Listener listener : listeners) {
        builder.listener(listener);
      }
      return new Open(builder.open(), connections);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }
}
