package io.shelfmark.cluster;

import io.shelfmark.cluster.StepClaims.Claim;
import io.shelfmark.cluster.StepStore.Commit;
import io.shelfmark.cluster.StepStore.Fenced;
import io.shelfmark.cluster.StepStore.Settled;
import io.shelfmark.pipeline.Fate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;

/**
 * What a commit looks at that found no row of its epoch and holder: an earlier try of it may have
 * come to pass although its answer was lost.
 */
final class Rereading {

  private Rereading() {}

  /** For a step that was to be settled. */
  static Commit settled(Connection connection, Claim claim, Fate.Ended end) throws SQLException {
    String digest = end.result().map(result -> result.digest().toString()).orElse(null);
    Commit found =
        row(
            connection,
            claim,
            "",
            row ->
                row.getInt("epoch") == claim.epoch()
                    && end.state().name().equals(row.getString("state"))
                    && Objects.equals(digest, row.getString("digest")));
    return found instanceof Settled
        ? new Settled(Optional.empty(), RunEndings.broughtBy(connection, claim.step()))
        : found;
  }

  /** For elements that were to be put on record. */
  static Commit expanded(Connection connection, Claim claim) throws SQLException {
    return row(
        connection,
        claim,
        "",
        row -> row.getInt("epoch") == claim.epoch() && row.getBoolean("expanded"));
  }

  /** For an attempt that was to be noted; a cancel notes it with its own reason. */
  static Commit failed(Connection connection, Claim claim, String failure) throws SQLException {
    return row(connection, claim, failure, row -> row.getBoolean("failed"));
  }

  /** Whether a row says that it was this commit. */
  @FunctionalInterface
  private interface Test {
    boolean holds(ResultSet row) throws SQLException;
  }

  private static Commit row(Connection connection, Claim claim, String failure, Test isOwn)
      throws SQLException {
    try (PreparedStatement statement =
            Rows.prepare(
                connection,
                """
                SELECT s.state, s.epoch, s.digest, s.holder, s.expanded, EXISTS (
                  SELECT 1 FROM shelfmark_pipeline_attempts a
                  WHERE a.run = s.run AND a.node = s.node AND a.place = s.place AND a.epoch = ?
                    AND a.failure = ?) AS failed
                FROM shelfmark_pipeline_steps s WHERE s.run = ? AND s.node = ? AND s.place = ?""",
                claim.epoch(),
                failure,
                claim.step().run().value(),
                claim.step().node(),
                claim.step().place());
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        return new Fenced("no longer on record");
      }
      return isOwn.holds(row)
          ? Settled.NOTHING_MORE
          : new Fenced(
              "%s in epoch %d%s"
                  .formatted(
                      row.getString("state"),
                      row.getInt("epoch"),
                      Rows.text(row, "holder").map(holder -> " by " + holder).orElse("")));
    }
  }
}
