package io.shelfmark.tracking.store;

import java.util.List;
import java.util.Optional;

/** The runs of a {@link TrackingStore}; its general terms hold. */
public interface RunStore {

  /**
   * Makes a run, which is RUNNING.
   *
   * @throws InvalidRequestException when the experiment was deleted
   */
  RunRecord create(NewRun run);

  /** The run of an id, deleted or not. */
  Optional<RunRecord> find(String id);

  /** Looks for runs. */
  Page<RunRecord> search(RunQuery query);

  /**
   * Changes the head of a run.
   *
   * @throws InvalidRequestException when the run was deleted
   */
  RunInfo update(String id, RunUpdate update);

  /** Deletes a run, until it is restored. */
  void delete(String id);

  /** Restores a run that was deleted. */
  void restore(String id);

  /**
   * Logs to a run, all or nothing.
   *
   * @throws ParamChangedException when a param has another value already
   * @throws InvalidRequestException when a key or value is not one, or the run was deleted
   */
  void log(String id, RunLog log);

  /**
   * Makes many writes in their order, and all become durable at once or none. One that can never be
   * made is left out and told of; it does not keep the others.
   */
  List<Refusal> write(List<RunWrite> writes);

  /** Removes a tag. */
  void deleteTag(String id, String key);

  /** Notes what a run used; the same again changes its tags. */
  void logInputs(String id, List<DatasetInput> datasets, List<String> modelIds);

  /** Notes the logged models that a run made. */
  void logOutputs(String id, List<ModelOutput> models);

  /**
   * The points of a metric by step, then time, then value.
   *
   * @param limit most points of a page, 1 or more
   * @param page as {@link Page#next()} names it; the first when empty
   * @return nothing for an unknown metric
   */
  Page<Metric> history(String id, String key, int limit, Optional<String> page);

  /**
   * The history as one draws it.
   *
   * @param points about how many to return at most, 2 or more
   */
  Curve curve(String id, String key, int points);
}
