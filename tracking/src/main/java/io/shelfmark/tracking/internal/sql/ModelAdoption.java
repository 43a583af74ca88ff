package io.shelfmark.tracking.internal.sql;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.tracking.internal.files.ModelArtifacts;
import io.shelfmark.tracking.store.Lifecycle;
import io.shelfmark.tracking.store.ModelVersionRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * Puts versions on record that an artifact has and the registry does not know: they were published
 * without it, or by a process that was killed before it wrote them down. Thread-safe.
 */
final class ModelAdoption {

  /** How often a search looks through all models; one that names its model looks every time. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final Database database;
  private final ModelArtifacts artifacts;
  private final Clock clock;
  private final AtomicLong nextLook = new AtomicLong();

  ModelAdoption(Database database, ModelArtifacts artifacts, Clock clock) {
    this.database = database;
    this.artifacts = artifacts;
    this.clock = clock;
  }

  /** Looks at one model, which need not be there. */
  void look(String model) {
    database.read(sql -> ModelRows.find(sql, model)).ifPresent(found -> adopt(found.artifact()));
  }

  /** Looks at all models, if nobody in this process did just now. */
  void lookAtAll() {
    long now = clock.millis();
    long due = nextLook.get();
    if (now >= due && nextLook.compareAndSet(due, now + LOOK_EVERY.toMillis())) {
      database
          .read(
              sql ->
                  sql.list(
                      "select artifact from model where name is not null", row -> row.getString(1)))
          .forEach(this::adopt);
    }
  }

  private void adopt(String artifact) {
    long last = artifacts.last(artifact);
    List<Long> unknown = last == 0 ? List.of() : unknown(artifact, last);
    if (unknown.isEmpty()) {
      return;
    }
    Map<Long, Optional<ArtifactVersion>> found = new HashMap<>();
    unknown.forEach(number -> found.put(number, artifacts.find(artifact, number)));
    found.values().forEach(version -> version.ifPresent(artifacts::keepIfPublished));
    database.write(
        sql -> {
          found.forEach(
              (number, version) ->
                  version.ifPresentOrElse(
                      there -> adopt(sql, artifact, there),
                      () -> insertCollected(sql, artifact, number)));
          return found.size();
        });
  }

  private List<Long> unknown(String artifact, long last) {
    return database.read(
        sql -> {
          long first =
              1
                  + sql.first(
                          "select deleted_versions from model where artifact = ?",
                          row -> row.getLong(1),
                          artifact)
                      .orElse(0L);
          Set<Long> known =
              new HashSet<>(
                  sql.list(
                      "select version from model_version where artifact = ? and version >= ?",
                      row -> row.getLong(1),
                      artifact,
                      first));
          return LongStream.rangeClosed(first, last)
              .filter(number -> !known.contains(number))
              .boxed()
              .toList();
        });
  }

  private static void adopt(Sql sql, String artifact, ArtifactVersion version) {
    String location = ModelArtifacts.location(version);
    long createdAt = version.provenance().createdAt().toEpochMilli();
    Map<String, String> tags = new HashMap<>(version.metadata());
    String source = tags.remove(ModelArtifacts.SOURCE);
    String loggedModel = tags.remove(ModelArtifacts.LOGGED_MODEL);
    tags.remove(ModelArtifacts.LOCATION);
    int added =
        sql.update(
            """
            insert into model_version (id, artifact, version, source, location, run_id, logged_model_id,
              description, user_name, stage, lifecycle, created_at, updated_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
            """,
            ModelRows.id(artifact, version.number()),
            artifact,
            version.number(),
            source == null ? location : source,
            location,
            ModelArtifacts.run(version).orElse(null),
            loggedModel,
            version.provenance().message(),
            version.provenance().author(),
            ModelVersionRecord.NO_STAGE,
            Lifecycle.ACTIVE.name(),
            createdAt,
            createdAt);
    if (added == 1) {
      tags.forEach(
          (key, value) -> SqlModelVersions.putTag(sql, artifact, version.number(), key, value));
    }
  }

  /** So that nobody looks for it again. */
  private static void insertCollected(Sql sql, String artifact, long number) {
    sql.update(
        """
        insert into model_version (id, artifact, version, source, location, description, user_name, stage,
          lifecycle, created_at, updated_at)
        values (?, ?, ?, '', '', '', '', ?, ?, 0, 0) on conflict do nothing
        """,
        ModelRows.id(artifact, number),
        artifact,
        number,
        ModelVersionRecord.NO_STAGE,
        Lifecycle.DELETED.name());
  }
}
