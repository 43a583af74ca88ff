package io.shelfmark.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Connections that can be refused for a while, as when the network is away. */
final class CuttableConnections extends ForwardingDataSource {

  private volatile boolean cut;

  CuttableConnections(DataSource target) {
    super(target);
  }

  void cut() {
    cut = true;
  }

  void heal() {
    cut = false;
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (cut) {
      throw new SQLException("the connection is cut", "08006");
    }
    return target.getConnection();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }
}
