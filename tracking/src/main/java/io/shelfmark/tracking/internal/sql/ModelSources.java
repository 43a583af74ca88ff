package io.shelfmark.tracking.internal.sql;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.tracking.internal.files.ModelDraft;
import io.shelfmark.tracking.store.NewModelVersion;
import java.util.List;
import java.util.Optional;

/** What a new version's source stands for, and what is on record of its run. Not thread-safe. */
final class ModelSources {

  private static final String RUNS = "runs:/";
  private static final String MODELS = "models:/";

  private final Sql sql;

  ModelSources(Sql sql) {
    this.sql = sql;
  }

  ModelDraft draft(NewModelVersion version) {
    ModelRows.Model model = ModelRows.require(sql, version.model());
    return new ModelDraft(
        model.artifact(),
        version.source(),
        location(version.source()).orElse(version.source()),
        version.runId(),
        version.modelId(),
        version.description(),
        version.runId().map(this::inputs).orElse(List.of()),
        version
            .runId()
            .flatMap(
                run ->
                    text(
                        "select value from run_tag where run_id = ? and key = 'mlflow.source.git.commit'",
                        run)));
  }

  /** The artifact location; empty for what is one itself, or stands for nothing on record. */
  private Optional<String> location(String source) {
    if (source.startsWith(RUNS)) {
      String[] parts = source.substring(RUNS.length()).split("/", 2);
      return text("select artifact_location from run where id = ?", parts[0])
          .map(root -> parts.length == 1 || parts[1].isEmpty() ? root : root + "/" + parts[1]);
    }
    if (!source.startsWith(MODELS)) {
      return Optional.empty();
    }
    String named = source.substring(MODELS.length());
    int slash = named.lastIndexOf('/');
    if (slash < 0) {
      return text("select artifact_location from logged_model where id = ?", named);
    }
    String number = named.substring(slash + 1);
    return number.matches("[1-9][0-9]{0,17}")
        ? ModelRows.findVersion(sql, named.substring(0, slash), Long.parseLong(number))
            .map(found -> found.record().location())
        : Optional.empty();
  }

  private List<VersionRef> inputs(String run) {
    return sql
        .list("select source from run_dataset where run_id = ?", row -> row.getString(1), run)
        .stream()
        .flatMap(source -> reference(source).stream())
        .distinct()
        .toList();
  }

  private static Optional<VersionRef> reference(String source) {
    try {
      return Optional.of(VersionRef.parse(source));
    } catch (IllegalArgumentException e) {
      // data that does not lie in this workspace
      return Optional.empty();
    }
  }

  private Optional<String> text(String query, String param) {
    return sql.first(query, row -> row.getString(1), param);
  }
}
