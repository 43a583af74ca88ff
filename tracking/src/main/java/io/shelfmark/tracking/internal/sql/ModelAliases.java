package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.internal.files.ModelArtifacts;
import io.shelfmark.tracking.store.AliasChange;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.ModelVersionRecord;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The aliases of registered models, which are those of their artifacts. Thread-safe. */
final class ModelAliases {

  private static final Pattern NAME =
      Pattern.compile("[\\w-]{1,255}", Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern NUMBER = Pattern.compile("[vV]?[0-9]+");

  private final Database database;
  private final ModelArtifacts artifacts;
  private final Clock clock;

  ModelAliases(Database database, ModelArtifacts artifacts, Clock clock) {
    this.database = database;
    this.artifacts = artifacts;
    this.clock = clock;
  }

  Map<String, Map<String, Long>> of(Collection<String> named) {
    Map<String, Map<String, Long>> aliases = new HashMap<>();
    named.forEach(artifact -> aliases.computeIfAbsent(artifact, artifacts::aliases));
    return aliases;
  }

  void set(String model, String alias, long version) {
    requireAlias(alias);
    ModelRows.Version found = database.read(sql -> ModelRows.requireVersion(sql, model, version));
    artifacts.setAlias(found.artifact(), alias, version);
    touch(found.artifact());
  }

  void delete(String model, String alias) {
    String artifact = artifact(model);
    if (NAME.matcher(alias).matches() && artifacts.alias(artifact, alias).isPresent()) {
      artifacts.removeAlias(artifact, alias, "");
      touch(artifact);
    }
  }

  /** Removes the aliases of a version, or all of them, together with what they named. */
  void deleteAll(String artifact, OptionalLong version, String reason) {
    artifacts
        .aliases(artifact)
        .forEach(
            (alias, number) -> {
              if (version.isEmpty() || version.getAsLong() == number) {
                artifacts.removeAlias(artifact, alias, reason);
              }
            });
  }

  Optional<ModelVersionRecord> find(String model, String alias) {
    String artifact = artifact(model);
    if (!NAME.matcher(alias).matches() || NUMBER.matcher(alias).matches()) {
      return Optional.empty();
    }
    Map<String, Map<String, Long>> aliases = of(List.of(artifact));
    Long number = aliases.getOrDefault(artifact, Map.of()).get(alias);
    return number == null
        ? Optional.empty()
        : database.read(
            sql ->
                ModelRows.findVersion(sql, model, number)
                    .map(
                        found ->
                            ModelRows.versionsWithDetails(sql, List.of(found), aliases).get(0)));
  }

  List<AliasChange> history(String model, String alias) {
    String artifact = artifact(model);
    if (!NAME.matcher(alias).matches()) {
      return List.of();
    }
    return artifacts.history(artifact, alias).stream()
        .map(
            move ->
                new AliasChange(
                    move.at(),
                    move.to().map(OptionalLong::of).orElse(OptionalLong.empty()),
                    move.author()))
        .toList();
  }

  private String artifact(String model) {
    return database.read(sql -> ModelRows.require(sql, model)).artifact();
  }

  private void touch(String artifact) {
    database.write(
        sql ->
            sql.update(
                "update model set updated_at = ? where artifact = ?", clock.millis(), artifact));
  }

  private static void requireAlias(String alias) {
    if (!NAME.matcher(alias).matches()) {
      throw new InvalidRequestException(
          "Cannot use alias %s: expected 1 to 255 letters, digits, underscores and dashes"
              .formatted(alias));
    }
    if (alias.toLowerCase(Locale.ROOT).equals("latest") || NUMBER.matcher(alias).matches()) {
      throw new InvalidRequestException(
          "Cannot use alias %s: latest, numbers and v with a number stand for versions themselves"
              .formatted(alias));
    }
  }
}
