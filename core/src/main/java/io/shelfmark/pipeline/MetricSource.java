package io.shelfmark.pipeline;

import java.util.List;

/**
 * Where triggers look for the metrics of runs: the port that tracking implements. The host hands it
 * to {@code Trigger.metric}. Implementations are thread-safe.
 */
@FunctionalInterface
public interface MetricSource {

  /**
   * The last point of a metric in each of an experiment's runs that have one, of the runs that were
   * started last, in the order they were started, the newest first. Points count from when they can
   * be read; what an outbox still holds comes with a later call. It is called every few seconds.
   *
   * @param experiment the experiment's name; one that is not there has no runs
   * @param metric the metric's name
   * @param runs how many runs at most, 1 or more
   * @return one point for each such run; empty when there is none
   * @throws io.shelfmark.ShelfmarkException when it cannot be read now; it is asked again later
   */
  List<MetricPoint> latest(String experiment, String metric, int runs);
}
