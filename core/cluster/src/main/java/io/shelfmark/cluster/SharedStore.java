package io.shelfmark.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.Workspace;
import io.shelfmark.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.UUID;

/**
 * Sees to it that every worker of a cluster has the same store: the first one writes a file there
 * and its name into the database, the others look for it.
 */
final class SharedStore {

  private static final String FOLDER = "pipeline-cluster/";

  private SharedStore() {}

  /** The file of the first worker. */
  private record Mark(String token, String writer) {}

  static void require(Database database, Workspace workspace, String owner) {
    Mark mark =
        database.write(
            "join the cluster",
            connection -> {
              String token = UUID.randomUUID().toString();
              // the row is locked until the file is there: who waits for it finds both
              int first =
                  Rows.update(
                      connection,
                      """
                      INSERT INTO shelfmark_pipeline_store (token, written_by) VALUES (?, ?)
                      ON CONFLICT DO NOTHING""",
                      token,
                      owner);
              if (first == 1) {
                workspace
                    .files()
                    .put(FOLDER + token, new ByteArrayInputStream(owner.getBytes(UTF_8)));
                return new Mark(token, owner);
              }
              try (PreparedStatement statement =
                      Rows.prepare(connection, "SELECT * FROM shelfmark_pipeline_store");
                  ResultSet row = statement.executeQuery()) {
                row.next();
                return new Mark(Rows.required(row, "token"), Rows.required(row, "written_by"));
              }
            });
    if (workspace.files().find(FOLDER + mark.token()).isEmpty()) {
      throw new StorageException(
          "Cannot join the cluster with this workspace's store: found no file %s%s in it, expected the one that %s wrote (give every worker the same store, and each cluster a database of its own)"
              .formatted(FOLDER, mark.token(), mark.writer()));
    }
  }
}
