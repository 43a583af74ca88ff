package io.shelfmark.tracking.store;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A run as it is on record.
 *
 * @param info its head
 * @param params what it was given
 * @param metrics the last point of each metric, by key
 * @param tags labels on it
 * @param datasets what data it used
 * @param modelInputs ids of the logged models that it used
 * @param modelOutputs the logged models that it made
 */
public record RunRecord(
    RunInfo info,
    Map<String, String> params,
    Map<String, Metric> metrics,
    Map<String, String> tags,
    List<DatasetInput> datasets,
    List<String> modelInputs,
    List<ModelOutput> modelOutputs) {

  /** Copies the maps and lists. */
  public RunRecord {
    Objects.requireNonNull(info, "info");
    params = Map.copyOf(params);
    metrics = Map.copyOf(metrics);
    tags = Map.copyOf(tags);
    datasets = List.copyOf(datasets);
    modelInputs = List.copyOf(modelInputs);
    modelOutputs = List.copyOf(modelOutputs);
  }
}
