package io.shelfmark.tracking.store;

import java.util.Optional;

/** The experiments of a {@link TrackingStore}; its general terms hold. */
public interface ExperimentStore {

  /**
   * Makes an experiment.
   *
   * @throws RecordExistsException when there is one of that name, deleted or not
   */
  ExperimentRecord create(NewExperiment experiment);

  /** The experiment of an id, deleted or not. */
  Optional<ExperimentRecord> find(String id);

  /** The experiment of a name, deleted or not. */
  Optional<ExperimentRecord> findByName(String name);

  /**
   * Looks for experiments by {@code name}, {@code creation_time}, {@code last_update_time} and
   * {@code tags.KEY}; the last made first.
   */
  Page<ExperimentRecord> search(Search search);

  /**
   * Gives an experiment another name.
   *
   * @throws RecordExistsException when there is one of that name
   */
  void rename(String id, String name);

  /** Deletes an experiment together with its runs, until it is restored. */
  void delete(String id);

  /** Restores an experiment together with the runs that were deleted with it. */
  void restore(String id);

  /** Sets a tag in place of what it was. */
  void setTag(String id, String key, String value);

  /** Removes a tag. */
  void deleteTag(String id, String key);
}
