package io.shelfmark.cluster;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.StepResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The elements of fan-outs, of which each has a row and a ticket. Thread-safe. */
final class FanOutStore {

  /** Rows in one statement. */
  private static final int BATCH = 1_000;

  /** How many elements of a step are settled at the same time without waiting for each other. */
  static final int PARTS = 64;

  private final Database database;
  private final Tickets tickets;

  FanOutStore(Database database, Tickets tickets) {
    this.database = database;
    this.tickets = tickets;
  }

  private static final String EXPAND =
      """
      UPDATE shelfmark_pipeline_steps
      SET expanded = true, state = 'WAITING', holder = NULL, missing = ?
      WHERE run = ? AND node = ? AND place = ? AND epoch = ? AND holder = ? AND state = 'RUNNING'
      RETURNING queue""";

  private static final String ELEMENTS =
      """
      INSERT INTO shelfmark_pipeline_steps
        (run, node, place, queue, state, missing, takers, ticket, input, input_digest, input_versions)
      SELECT ?, ?, place, ?, 'WAITING', 0, ARRAY[?], 1, input, digest,
        string_to_array(versions, E'\\n')
      FROM unnest(?, ?, ?, ?) AS given (place, input, digest, versions)""";

  private static final String COUNT =
      """
      INSERT INTO shelfmark_pipeline_parts (run, node, part, missing)
      SELECT ?, ?, part, (?::int - part + %1$d - 1) / %1$d
      FROM generate_series(0, ?::int - 1) AS part"""
          .formatted(PARTS);

  /** Puts all elements on record, with their tickets; the step waits for them. */
  StepStore.Commit expand(StepClaims.Claim claim, Fate.Each elements, int priority)
      throws SQLException {
    return database.together(
        connection -> {
          StepKey step = claim.step();
          String queue;
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      EXPAND,
                      Math.min(PARTS, elements.size()),
                      step.run().value(),
                      step.node(),
                      step.place(),
                      claim.epoch(),
                      claim.holder());
              ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
              return Rereading.expanded(connection, claim);
            }
            queue = Rows.required(row, "queue");
          }
          Rows.update(
              connection,
              COUNT,
              step.run().value(),
              step.node(),
              elements.size(),
              Math.min(PARTS, elements.size()));
          for (int from = 0; from < elements.size(); from += BATCH) {
            int to = Math.min(elements.size(), from + BATCH);
            insert(connection, step, queue, elements, from, to);
            List<Ticket> batch = new ArrayList<>();
            for (int place = from; place < to; place++) {
              StepKey element = new StepKey(step.run(), step.node(), place);
              batch.add(Ticket.of(element, 1, queue, priority, Duration.ZERO));
            }
            tickets.put(connection, batch);
          }
          return StepStore.Settled.NOTHING_MORE;
        });
  }

  private static void insert(
      Connection connection, StepKey step, String queue, Fate.Each elements, int from, int to)
      throws SQLException {
    List<Integer> places = new ArrayList<>();
    List<String> inputs = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    List<String> versions = new ArrayList<>();
    for (int place = from; place < to; place++) {
      StepResult element = elements.element(place);
      places.add(place);
      inputs.add(element.json());
      digests.add(element.digest().toString());
      versions.add(
          element.versions().stream().map(VersionRef::toString).collect(Collectors.joining("\n")));
    }
    Rows.update(
        connection,
        ELEMENTS,
        step.run().value(),
        step.node(),
        queue,
        step.node(),
        Rows.numbers(connection, places),
        Rows.texts(connection, inputs),
        Rows.texts(connection, digests),
        Rows.texts(connection, versions));
  }

  /**
   * How much the settled elements of a step are together.
   *
   * @param elements how many there are
   * @param results how many of them have a result
   * @param bytes of all results
   */
  record Extent(long elements, long results, long bytes) {}

  /** How much there is to read: it may be more than this process has room for. */
  Extent extent(StepKey step) throws SQLException {
    return ofElements(
        step,
        "count(*), count(result), coalesce(sum(octet_length(result)), 0)",
        row -> new Extent(row.getLong(1), row.getLong(2), row.getLong(3)));
  }

  /** The characters of all results; unlike their bytes, they are counted one by one. */
  long characters(StepKey step) throws SQLException {
    return ofElements(step, "coalesce(sum(length(result)), 0)", row -> row.getLong(1));
  }

  /** A row to a value. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  private <T> T ofElements(StepKey step, String wanted, Reading<T> reading) throws SQLException {
    return database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      "SELECT "
                          + wanted
                          + " FROM shelfmark_pipeline_steps"
                          + " WHERE run = ? AND node = ? AND place >= 0",
                      step.run().value(),
                      step.node());
              ResultSet row = statement.executeQuery()) {
            row.next();
            return reading.of(row);
          }
        });
  }

  /** How all elements of a step ended, in order. */
  List<Fate.Ended> elements(StepKey step) throws SQLException {
    return database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      """
                      SELECT state, result, digest, versions, cached_from, failure
                      FROM shelfmark_pipeline_steps
                      WHERE run = ? AND node = ? AND place >= 0 ORDER BY place""",
                      step.run().value(),
                      step.node());
              ResultSet row = statement.executeQuery()) {
            List<Fate.Ended> elements = new ArrayList<>();
            while (row.next()) {
              elements.add(Rows.ended(row));
            }
            return elements;
          }
        });
  }
}
