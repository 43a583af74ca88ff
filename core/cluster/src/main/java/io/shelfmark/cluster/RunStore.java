package io.shelfmark.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.StepWorker.Shape;
import io.shelfmark.storage.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of runs: their beginning and their end. Thread-safe. */
final class RunStore {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private final Database database;
  private final Tickets tickets;

  /** How a run began, and what it shares with its steps' tickets. */
  record Run(RunEvent.RunStarted start, int priority) {}

  RunStore(Database database, Tickets tickets) {
    this.database = database;
    this.tickets = tickets;
  }

  /**
   * Puts a run on record with its steps and the first tickets; false when it is there already.
   *
   * @throws IllegalArgumentException when it repeats a run that is not on record
   */
  boolean create(RunEvent.RunStarted start, List<Shape> shapes, int priority) {
    return database.write(
        "start run " + start.run(),
        connection -> {
          if (start.rerun().isPresent()) {
            keep(connection, start.rerun().get().run());
          }
          Optional<Long> limit =
              start.deadline().map(end -> start.at().until(end, ChronoUnit.MICROS));
          int created =
              Rows.update(
                  connection,
                  """
                  INSERT INTO shelfmark_pipeline_runs
                    (id, pipeline, graph, state, priority, parameters, started_at, deadline,
                     rerun_of, rerun_from)
                  VALUES (?, ?, ?, 'RUNNING', ?, ?, clock_timestamp(),
                    clock_timestamp() + ?::bigint * interval '1 microsecond', ?, ?)
                  ON CONFLICT DO NOTHING""",
                  start.run().value(),
                  start.pipeline(),
                  start.graph().toString(),
                  priority,
                  json(start.parameters()),
                  limit.orElse(null),
                  start.rerun().map(rerun -> rerun.run().value()).orElse(null),
                  start.rerun().map(RunEvent.Rerun::step).orElse(null));
          if (created == 1) {
            createSteps(connection, start.run(), shapes);
            tickets.put(
                connection,
                shapes.stream()
                    .filter(shape -> shape.from().isEmpty())
                    .map(
                        shape ->
                            Ticket.of(
                                StepKey.of(start.run(), shape.name()),
                                1,
                                shape.queue(),
                                priority,
                                Duration.ZERO))
                    .toList());
          }
          return created == 1;
        });
  }

  /** A run that one repeats is not removed before that one is on record as in need of it. */
  private static void keep(Connection connection, RunId run) throws SQLException {
    try (PreparedStatement statement =
            Rows.prepare(
                connection,
                "SELECT 1 FROM shelfmark_pipeline_runs WHERE id = ? FOR KEY SHARE",
                run.value());
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw new IllegalArgumentException(
            "Cannot rerun %s: found no such run, expected one on record".formatted(run));
      }
    }
  }

  private static String json(Map<String, String> texts) {
    try {
      return JSON.writeValueAsString(texts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts can be written", e);
    }
  }

  /** The end of a run is a row too, which waits for the steps that no other takes from. */
  private static void createSteps(Connection connection, RunId run, List<Shape> shapes)
      throws SQLException {
    Map<String, Set<String>> takers = new HashMap<>();
    shapes.forEach(
        shape ->
            shape
                .from()
                .forEach(
                    from ->
                        takers.computeIfAbsent(from, key -> new HashSet<>()).add(shape.name())));
    List<String> nodes = new ArrayList<>();
    List<String> queues = new ArrayList<>();
    List<Integer> missing = new ArrayList<>();
    List<String> taking = new ArrayList<>();
    for (Shape shape : shapes) {
      nodes.add(shape.name());
      queues.add(shape.queue());
      missing.add(shape.from().size());
      taking.add(String.join("\n", takers.getOrDefault(shape.name(), Set.of())));
    }
    nodes.add(StepKey.END);
    queues.add("");
    missing.add(shapes.size() - takers.size());
    taking.add("-");
    Rows.update(
        connection,
        """
        INSERT INTO shelfmark_pipeline_steps
          (run, node, place, queue, state, missing, ticket, takers)
        SELECT ?, node, -1, queue, 'WAITING', missing, CASE missing WHEN 0 THEN 1 ELSE 0 END,
          CASE takers WHEN '' THEN ARRAY[''] ELSE string_to_array(takers, E'\\n') END
        FROM unnest(?, ?, ?, ?) AS given (node, queue, missing, takers)""",
        run.value(),
        Rows.texts(connection, nodes),
        Rows.texts(connection, queues),
        Rows.numbers(connection, missing),
        Rows.texts(connection, taking));
  }

  /** How a run began. */
  Optional<Run> find(RunId run) throws SQLException {
    return database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      "SELECT * FROM shelfmark_pipeline_runs WHERE id = ?",
                      run.value());
              ResultSet row = statement.executeQuery()) {
            return row.next()
                ? Optional.of(new Run(started(row), row.getInt("priority")))
                : Optional.empty();
          }
        });
  }

  /** Those that go on. */
  List<RunEvent.RunStarted> unfinished() throws SQLException {
    return database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      """
                      SELECT * FROM shelfmark_pipeline_runs WHERE state = 'RUNNING'
                      ORDER BY started_at""");
              ResultSet row = statement.executeQuery()) {
            List<RunEvent.RunStarted> found = new ArrayList<>();
            while (row.next()) {
              found.add(started(row));
            }
            return found;
          }
        });
  }

  private static RunEvent.RunStarted started(ResultSet row) throws SQLException {
    Optional<String> rerun = Rows.text(row, "rerun_of");
    return new RunEvent.RunStarted(
        RunId.of(Rows.required(row, "id")),
        Rows.instant(row, "started_at").orElseThrow(),
        Rows.required(row, "pipeline"),
        Digest.parse(Rows.required(row, "graph")),
        parameters(row),
        Rows.instant(row, "deadline"),
        rerun.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new RunEvent.Rerun(RunId.of(rerun.get()), Rows.required(row, "rerun_from"))));
  }

  /** The values of a run's parameters, as JSON. */
  static Map<String, String> parameters(ResultSet row) throws SQLException {
    try {
      return JSON.readValue(Rows.required(row, "parameters"), TEXTS);
    } catch (JsonProcessingException e) {
      throw new SQLException("the parameters of run " + row.getString("id") + " are no JSON", e);
    }
  }

  /** Which of these have ended; one that is not on record has, and was forgotten. */
  Set<RunId> ended(Collection<RunId> runs) throws SQLException {
    return database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      """
                      SELECT c.id FROM unnest(?) AS c (id)
                      LEFT JOIN shelfmark_pipeline_runs r ON r.id = c.id
                      WHERE r.state IS DISTINCT FROM 'RUNNING'""",
                      Rows.texts(connection, runs.stream().map(RunId::value).toList()));
              ResultSet row = statement.executeQuery()) {
            return ids(row);
          }
        });
  }

  static Set<RunId> ids(ResultSet row) throws SQLException {
    Set<RunId> found = new LinkedHashSet<>();
    while (row.next()) {
      found.add(RunId.of(Rows.required(row, "id")));
    }
    return found;
  }

  /** Lets no more steps of a run begin, or lets them again; whether it goes on at all. */
  boolean pause(RunId run, boolean paused) {
    return database.write(
            "pause or resume run " + run,
            connection ->
                Rows.update(
                    connection,
                    """
                    UPDATE shelfmark_pipeline_runs SET paused = ?
                    WHERE id = ? AND state = 'RUNNING'""",
                    paused,
                    run.value()))
        == 1;
  }

  /** How many {@link #toRelease} gives at most. */
  static final int TO_RELEASE = 100;

  /** Ended runs that still keep versions from being collected, in order, after one of them. */
  List<RunId> toRelease(@Nullable RunId after) throws SQLException {
    return database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      """
                      SELECT id FROM shelfmark_pipeline_runs
                      WHERE state <> 'RUNNING' AND NOT released AND id > ?
                      ORDER BY id LIMIT ?""",
                      after == null ? "" : after.value(),
                      TO_RELEASE);
              ResultSet row = statement.executeQuery()) {
            return List.copyOf(ids(row));
          }
        });
  }

  void released(RunId run) throws SQLException {
    database.alone(
        connection ->
            Rows.update(
                connection,
                "UPDATE shelfmark_pipeline_runs SET released = true WHERE id = ?",
                run.value()));
  }
}
