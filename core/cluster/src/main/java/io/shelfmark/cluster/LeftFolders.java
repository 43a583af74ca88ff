package io.shelfmark.cluster;

import io.shelfmark.internal.Spool;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the folders of runs that go on no more from this machine: logs and work folders of
 * attempts whose process died, and empty ones. Thread-safe.
 */
final class LeftFolders {

  private static final Logger LOG = LoggerFactory.getLogger(LeftFolders.class);

  /**
   * Steps that were interrupted by the end of their run may take so long to end, and their logs are
   * kept then.
   */
  private static final Duration ENDING = Duration.ofMinutes(10);

  /** Folders of runs that nobody knows may be of another cluster with the same home. */
  private static final Duration UNKNOWN = Duration.ofDays(1);

  private final Path runs;
  private final Database database;

  /** Those of runs below the folder that a worker writes to. */
  LeftFolders(Path folder, Database database) {
    this.runs = folder.resolve("runs");
    this.database = database;
  }

  /** Looks at all of them; gives how many it removed. */
  int sweep() throws SQLException {
    Map<String, Path> found = found();
    if (found.isEmpty()) {
      return 0;
    }
    Map<String, Boolean> known = areOver(found.keySet());
    int removed = 0;
    for (Map.Entry<String, Path> one : found.entrySet()) {
      Boolean isOver = known.get(one.getKey());
      if (isOver == null ? isOld(one.getValue()) : isOver) {
        remove(one.getValue());
        removed++;
      }
    }
    return removed;
  }

  private Map<String, Path> found() {
    Map<String, Path> found = new HashMap<>();
    if (!Files.isDirectory(runs)) {
      return found;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(runs)) {
      for (Path folder : folders) {
        found.put(String.valueOf(folder.getFileName()), folder);
      }
    } catch (IOException e) {
      LOG.warn("Cannot look for folders of ended runs in {}", runs, e);
    }
    return found;
  }

  /** Of those that are on record, whether they have ended a while ago. */
  private Map<String, Boolean> areOver(Collection<String> ids) throws SQLException {
    return database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      """
                      SELECT id, state <> 'RUNNING'
                        AND ended_at < clock_timestamp() - ?::bigint * interval '1 second' AS over
                      FROM shelfmark_pipeline_runs WHERE id = ANY (?)""",
                      ENDING.toSeconds(),
                      Rows.texts(connection, ids));
              ResultSet row = statement.executeQuery()) {
            Map<String, Boolean> found = new HashMap<>();
            while (row.next()) {
              found.put(Rows.required(row, "id"), row.getBoolean("over"));
            }
            return found;
          }
        });
  }

  private static boolean isOld(Path folder) {
    try {
      return Files.getLastModifiedTime(folder).toInstant().isBefore(Instant.now().minus(UNKNOWN));
    } catch (IOException e) {
      return false;
    }
  }

  private static void remove(Path folder) {
    try {
      Spool.remove(folder);
    } catch (IOException e) {
      LOG.warn("Cannot remove what an ended run left in {}; it is tried again", folder, e);
    }
  }
}
