package io.shelfmark.tracking.store;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The logged models of a {@link TrackingStore}; its general terms hold. Servers before MLflow 3
 * have none: there every method is an {@link InvalidRequestException} that says so.
 */
public interface LoggedModelStore {

  /** Makes a logged model, which is PENDING. */
  LoggedModelRecord create(NewLoggedModel model);

  /** The logged model of an id. */
  Optional<LoggedModelRecord> find(String id);

  /**
   * Looks for logged models of experiments by {@code name}, {@code model_type}, {@code status},
   * {@code source_run_id}, {@code creation_timestamp}, {@code last_updated_timestamp}, {@code
   * params.KEY}, {@code tags.KEY} and {@code metrics.KEY}; the last made first.
   */
  Page<LoggedModelRecord> search(Collection<String> experimentIds, Search search);

  /** Says how far a logged model is. */
  LoggedModelRecord finish(String id, LoggedModelStatus status);

  /** Adds params; one that has another value already is refused. */
  void logParams(String id, Map<String, String> params);

  /** Sets tags in place of what they were. */
  void setTags(String id, Map<String, String> tags);

  /** Removes a tag. */
  void deleteTag(String id, String key);

  /** Deletes a logged model; its files are kept. */
  void delete(String id);
}
