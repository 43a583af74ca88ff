package io.shelfmark.tracking.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The registered models of a {@link TrackingStore}; its general terms hold. A model's versions are
 * numbered from 1; aliases name one of them each. {@code latest} and {@code v} with digits are no
 * aliases.
 */
public interface ModelStore {

  /**
   * Makes a model without versions.
   *
   * @throws RecordExistsException when there is one of that name
   */
  ModelRecord create(String name, String description, Map<String, String> tags);

  /** The model of a name. */
  Optional<ModelRecord> find(String name);

  /** Looks for models by {@code name} and {@code tags.KEY}; by name unless ordered otherwise. */
  Page<ModelRecord> search(Search search);

  /**
   * Gives a model another name.
   *
   * @throws RecordExistsException when there is one of that name
   */
  ModelRecord rename(String name, String newName);

  /** Changes what people say of a model. */
  ModelRecord describe(String name, String description);

  /** Deletes a model with its versions and aliases from the registry; their files are kept. */
  void delete(String name);

  /** Sets a tag of a model in place of what it was. */
  void setTag(String name, String key, String value);

  /** Removes a tag of a model. */
  void deleteTag(String name, String key);

  /** Lets an alias name a version, from wherever it is. */
  void setAlias(String name, String alias, long version);

  /** Removes an alias; nothing happens when there is none. */
  void deleteAlias(String name, String alias);

  /** The version that an alias names. */
  Optional<ModelVersionRecord> findByAlias(String name, String alias);

  /**
   * What an alias named over time, the last change first; nothing for an alias that never was.
   *
   * @throws InvalidRequestException when the store keeps no such history, as MLflow's servers do
   */
  List<AliasChange> aliasHistory(String name, String alias);

  /** Makes the next version of a model. */
  ModelVersionRecord createVersion(NewModelVersion version);

  /** A version of a model. */
  Optional<ModelVersionRecord> findVersion(String name, long version);

  /**
   * Looks for versions by {@code name}, {@code run_id}, {@code source_path}, {@code version_number}
   * and {@code tags.KEY}; the last changed first.
   */
  Page<ModelVersionRecord> searchVersions(Search search);

  /** The last version of each stage, or of the stages that are named. */
  List<ModelVersionRecord> latestVersions(String name, List<String> stages);

  /** Changes what people say of a version. */
  ModelVersionRecord describeVersion(String name, long version, String description);

  /**
   * Gives a version a stage, for clients from before aliases.
   *
   * @param stage None, Staging, Production or Archived, whatever the case
   */
  ModelVersionRecord setStage(String name, long version, String stage);

  /** Deletes a version and the aliases that name it from the registry; its files are kept. */
  void deleteVersion(String name, long version);

  /** Sets a tag of a version in place of what it was. */
  void setVersionTag(String name, long version, String key, String value);

  /** Removes a tag of a version. */
  void deleteVersionTag(String name, long version, String key);
}
