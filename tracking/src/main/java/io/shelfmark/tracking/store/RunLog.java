package io.shelfmark.tracking.store;

import java.util.List;
import java.util.Map;

/**
 * What is logged to a run at once, as a whole or not at all.
 *
 * @param params written once: the same value again does nothing, another one is refused
 * @param metrics points; one that is on record in every part is not doubled
 * @param tags in place of what they were
 */
public record RunLog(Map<String, String> params, List<Metric> metrics, Map<String, String> tags) {

  /** Copies everything. */
  public RunLog {
    params = Map.copyOf(params);
    metrics = List.copyOf(metrics);
    tags = Map.copyOf(tags);
  }

  /** Metrics alone. */
  public static RunLog metrics(List<Metric> metrics) {
    return new RunLog(Map.of(), metrics, Map.of());
  }

  /** Params alone. */
  public static RunLog params(Map<String, String> params) {
    return new RunLog(params, List.of(), Map.of());
  }

  /** Tags alone. */
  public static RunLog tags(Map<String, String> tags) {
    return new RunLog(Map.of(), List.of(), tags);
  }
}
