package io.shelfmark.cluster;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.StepResult;
import io.shelfmark.pipeline.StepState;
import io.shelfmark.storage.Digest;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is in columns, as values and back. */
final class Rows {

  private Rows() {}

  /** Gives the parameters of a statement, in order. */
  static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  /** Runs a statement; gives how many rows it changed. */
  static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  static Array texts(Connection connection, Collection<String> values) throws SQLException {
    return connection.createArrayOf("text", values.toArray());
  }

  static Array numbers(Connection connection, Collection<Integer> values) throws SQLException {
    return connection.createArrayOf("int4", values.toArray());
  }

  static Array versions(Connection connection, List<VersionRef> versions) throws SQLException {
    return texts(connection, versions.stream().map(VersionRef::toString).toList());
  }

  static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  /** A column that is never null. */
  static String required(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(row.getString(column), column);
  }

  /** How a step ended, of the columns of its row. */
  static Fate.Ended ended(ResultSet row) throws SQLException {
    return new Fate.Ended(
        StepState.valueOf(required(row, "state")), result(row), text(row, "failure"));
  }

  /** What a step gave. */
  static Optional<StepResult> result(ResultSet row) throws SQLException {
    String json = row.getString("result");
    return json == null
        ? Optional.empty()
        : Optional.of(
            new StepResult(
                json,
                Digest.parse(required(row, "digest")),
                versions(row, "versions"),
                text(row, "cached_from").map(RunId::of)));
  }

  /** What an element of a fan-out is done for. */
  static Optional<StepResult> input(ResultSet row) throws SQLException {
    String json = row.getString("input");
    return json == null
        ? Optional.empty()
        : Optional.of(
            new StepResult(
                json,
                Digest.parse(required(row, "input_digest")),
                versions(row, "input_versions"),
                Optional.empty()));
  }

  private static List<VersionRef> versions(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return array == null
        ? List.of()
        : Arrays.stream((String[]) array.getArray()).map(VersionRef::parse).toList();
  }

  /** PostgreSQL's texts hold any character but one. */
  static String storable(String text) {
    return text.replace("\u0000", "\\0");
  }
}
