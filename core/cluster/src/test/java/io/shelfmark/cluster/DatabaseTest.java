package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a transaction that breaks. */
@Timeout(60)
class DatabaseTest extends ProtocolCalls {

  @Test
  void together_brokenByAnError_leavesNothing() throws Exception {
    assertThatThrownBy(
            () ->
                database.together(
                    connection -> {
                      Rows.update(
                          connection, "INSERT INTO shelfmark_pipeline_limits VALUES ('gpu', 1)");
                      throw new StackOverflowError("broken");
                    }))
        .isInstanceOf(StackOverflowError.class);
    assertThat(count("SELECT count(*) FROM shelfmark_pipeline_limits")).isZero();
  }

  @Test
  void together_thatCannotRollBack_givesTheConnectionUp() throws Exception {
    AtomicBoolean aborted = new AtomicBoolean();
    try (Connection real = pool.getConnection()) {
      Connection broken =
          (Connection)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals("rollback")) {
                      throw new SQLException("away", "08006");
                    }
                    if (method.getName().equals("abort")) {
                      aborted.set(true);
                      real.rollback();
                      return null;
                    }
                    return method.invoke(real, arguments);
                  });
      DataSource source =
          (DataSource)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {DataSource.class},
                  (proxy, method, arguments) -> broken);
      assertThatThrownBy(
              () ->
                  new Database(source)
                      .together(
                          connection -> {
                            Rows.update(
                                connection,
                                "INSERT INTO shelfmark_pipeline_limits VALUES ('gpu', 1)");
                            throw new IllegalStateException("broken");
                          }))
          .hasMessage("broken");
    }
    assertThat(aborted).isTrue();
    assertThat(count("SELECT count(*) FROM shelfmark_pipeline_limits")).isZero();
  }

  @Test
  void databaseThatCutsAnIdleTransactionOff_isAway() {
    assertThat(Database.isAway(new SQLException("cut off", "25P03"))).isTrue();
    assertThat(Database.isAway(new SQLException("syntax", "42601"))).isFalse();
  }
}
