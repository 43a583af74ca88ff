package io.shelfmark.cluster;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host's connections, none of which waits for ever for an answer: one that has no socket timeout
 * gets one, and each statement is a transaction of its own. Without the limit, a connection that
 * was cut silently holds up the heartbeats of everything here, until the kernel gives it up after
 * some 15 minutes. Thread-safe.
 */
final class BoundedConnections extends ForwardingDataSource {

  private static final Logger LOG = LoggerFactory.getLogger(BoundedConnections.class);
  private static final Executor CALLER = Runnable::run;

  private final int timeoutMillis;

  private BoundedConnections(DataSource target, Duration timeout) {
    super(target);
    this.timeoutMillis = Math.toIntExact(timeout.toMillis());
  }

  /** Looks at the host's settings and warns of those that a failure would show. */
  static BoundedConnections over(DataSource target, Heartbeats heartbeats) throws SQLException {
    Duration longest = heartbeats.deathAge().dividedBy(2);
    if (target instanceof BoundedConnections bounded) {
      return bounded;
    }
    try (Connection connection = target.getConnection()) {
      int timeout = connection.getNetworkTimeout();
      if (timeout == 0 || timeout > longest.toMillis()) {
        LOG.warn(
            "The database's connections have {}, expected at most {} ms: set socketTimeout={} and"
                + " connectTimeout={} in the JDBC URL (a connection that was cut silently can hold"
                + " up the heartbeats of this process)",
            timeout == 0 ? "no socketTimeout" : "a socketTimeout of " + timeout + " ms",
            longest.toMillis(),
            Math.max(1, longest.toSeconds()),
            Math.max(1, longest.toSeconds()));
      }
      String idle = idleInTransaction(connection);
      if ("0".equals(idle)) {
        LOG.warn(
            "The database's sessions have no idle_in_transaction_session_timeout, expected {} ms or"
                + " so: add options=-c%20idle_in_transaction_session_timeout={} to the JDBC URL (a"
                + " process that stands still in a transaction holds its rows locked for all"
                + " others)",
            heartbeats.deathAge().toMillis(), heartbeats.deathAge().toMillis());
      }
    }
    return new BoundedConnections(target, longest);
  }

  private static String idleInTransaction(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW idle_in_transaction_session_timeout")) {
      row.next();
      return row.getString(1);
    }
  }

  private Connection bounded(Connection connection) throws SQLException {
    if (connection.getNetworkTimeout() == 0) {
      connection.setNetworkTimeout(CALLER, timeoutMillis);
    }
    if (!connection.getAutoCommit()) {
      connection.setAutoCommit(true);
    }
    return connection;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return bounded(target.getConnection());
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return bounded(target.getConnection(user, password));
  }
}
