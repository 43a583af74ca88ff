package io.shelfmark.testing.cluster;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL that commits to the disk before it says so, can be stopped at once and comes back on
 * the same port with the same data. Get one by {@link #start}; who started it closes it.
 */
public final class FaultDatabase implements AutoCloseable {

  private final Path data;
  private final AtomicInteger databases = new AtomicInteger();
  private EmbeddedPostgres server;

  private FaultDatabase(Path data, EmbeddedPostgres server) {
    this.data = data;
    this.server = server;
  }

  /** Starts one with its data in a new folder. */
  public static FaultDatabase start(Path data) throws IOException {
    return new FaultDatabase(data, launch(data, 0));
  }

  private static EmbeddedPostgres launch(Path data, int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPGStartupWait(Duration.ofSeconds(60))
            // off by default in the embedded one: an acknowledged commit would be lost by a stop
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("fsync", "on")
            .setServerConfig("max_connections", "200");
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  /** Its port, the same for ever. */
  public int port() {
    return server.getPort();
  }

  /** Makes an empty database and tells its name. */
  public String create() throws SQLException {
    String name = "fault" + databases.incrementAndGet();
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return name;
  }

  /** The address of a database behind some port, with the time limits that a host must set. */
  public static String url(int port, String database) {
    return "jdbc:postgresql://localhost:%d/%s?user=postgres&password=postgres"
            .formatted(port, database)
        + "&socketTimeout=2&connectTimeout=2&loginTimeout=3"
        + "&options=-c%20idle_in_transaction_session_timeout=4000";
  }

  /** A connection of the test's own. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:%d/%s?user=postgres&password=postgres"
            .formatted(port(), database));
  }

  /** A number that a statement gives. */
  public long number(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Stops it at once: no session ends in peace, nothing is written any more. */
  public void stopAtOnce() throws IOException, InterruptedException {
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim();
    WorkerProcess.signal(Long.parseLong(pid), "QUIT");
    ProcessHandle.of(Long.parseLong(pid)).ifPresent(process -> process.onExit().join());
    server.close();
  }

  /** Starts it again where it was. */
  public void startAgain() throws IOException {
    server = launch(data, server.getPort());
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
