package io.shelfmark.tracking.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

@Timeout(60)
class SqliteDatabaseTest {

  private static final String INSERT =
      "insert into experiment_tag (experiment_id, key, value) values ('0', ?, ?)";

  @TempDir Path folder;
  private SqliteDatabase database;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(folder.resolve("tracking.db"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private int insert(String key, String value) {
    return database.write(sql -> sql.update(INSERT, key, value));
  }

  private List<String> keys() {
    return texts("select key from experiment_tag order by key");
  }

  private void pragma(String text) {
    database.write(
        sql -> {
          try (Statement statement = sql.connection().createStatement()) {
            return statement.execute("pragma " + text);
          } catch (SQLException e) {
            throw new Sql.Failure(e);
          }
        });
  }

  @Test
  void write_thatCouldNotBegin_leavesTheNextOneWhole() throws SQLException {
    pragma("busy_timeout = 20");
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tracking.db"));
        Statement statement = other.createStatement()) {
      statement.execute("begin immediate");
      assertThatThrownBy(() -> insert("a", "1")).isInstanceOf(StoreUnavailableException.class);
      statement.execute("rollback");
    }

    assertThatThrownBy(
            () ->
                database.write(
                    sql -> {
                      sql.update(INSERT, "b", "2");
                      throw new InvalidRequestException("no");
                    }))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("no");
    assertThat(keys()).isEmpty();
    insert("c", "3");
    assertThat(keys()).containsExactly("c");
  }

  @Test
  void write_onAFullDisk_isUnavailableUntilThereIsRoom() {
    pragma("max_page_count = 1");
    String much = "x".repeat(100_000);

    assertThatThrownBy(() -> insert("a", much))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("full");

    pragma("max_page_count = 1000000");
    insert("b", much);
    assertThat(keys()).containsExactly("b");
  }

  @Test
  void write_thatFailedWithinABatch_leavesNothingToTheNext() {
    String sql = "insert into experiment_tag (experiment_id, key, value) values ('0', ?, 'v')";
    assertThatThrownBy(
            () ->
                database.write(
                    open -> {
                      open.updateAll(
                          sql, List.of(new Object[] {"stale"}, new Object[] {new StringBuilder()}));
                      return 0;
                    }))
        .isInstanceOf(IllegalArgumentException.class);

    database.write(
        open -> {
          open.updateAll(sql, List.<Object[]>of(new Object[] {"next"}));
          return 0;
        });
    assertThat(keys()).containsExactly("next");
  }

  @Test
  void text_thatIsNone_isRefusedInWritesAndReads() {
    for (String bad : List.of("a\0b", "\ud800", "b\udc00", "\ud83d")) {
      assertThatThrownBy(() -> insert("k", bad))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("expected");
      assertThatThrownBy(
              () ->
                  database.read(
                      sql -> sql.first("select 1 from experiment where id = ?", row -> 1, bad)))
          .isInstanceOf(InvalidRequestException.class);
    }
    insert("k", "\ud83d\ude00");
    assertThat(keys()).containsExactly("k");
  }

  @Test
  void read_thatFails_leavesTheNextOneAlone() {
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(
              () ->
                  database.read(
                      sql -> {
                        sql.first("select 1", row -> 1);
                        throw new IllegalArgumentException("no");
                      }))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> database.read(sql -> sql.first("select x", row -> 1)))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(keys()).isEmpty();
  }

  @Test
  void open_whatIsNoDatabase_saysWhatWasFound() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.db"), "x".repeat(5000));
    assertThatThrownBy(() -> SqliteDatabase.open(text))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(text.toString())
        .hasMessageContaining("not a database");
    assertThatThrownBy(() -> SqliteDatabase.open(text.resolve("within.db")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("FileAlreadyExists");
  }

  @Test
  void dataSource_ofAnotherDatabase_isRefused() {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + folder.resolve("other.db"));
    assertThatThrownBy(() -> PostgresDatabase.open(source))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found SQLite, expected PostgreSQL");
  }

  @Test
  void textsAndNumbers_thatAreNone_sortAfterEveryNumberInAView() {
    database.write(
        sql -> {
          for (Object[] row :
              List.of(
                  new Object[] {"a", 1.0, 1_772_359_200_000L},
                  new Object[] {"b", Double.NaN, Long.MAX_VALUE})) {
            sql.update(
                "insert into series (run_id, key, points, value, time, step) values ('r', ?, 1, ?, ?, 0)",
                row);
          }
          return 0;
        });
    assertThat(
            texts("select key || ' ' || coalesce(logged_at, 'never') from metrics order by value"))
        .containsExactly("a 2026-03-01T10:00:00.000Z", "b never");
    assertThat(texts("select key from metrics where value <> 'NaN'")).containsExactly("a");
  }

  private List<String> texts(String query) {
    return database.read(sql -> sql.list(query, row -> row.getString(1)));
  }
}
