package io.shelfmark.pipeline.schedule;

import io.shelfmark.pipeline.MetricPoint;
import io.shelfmark.pipeline.MetricSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;

/** Metrics of runs that are where a trigger wants them; the last 20 runs are looked at. */
record MetricThreshold(
    MetricSource source, String experiment, String metric, DoublePredicate condition)
    implements EventSource {

  static final int RUNS = 20;

  @Override
  public String baseline() {
    return "";
  }

  /** One event for each run. */
  @Override
  public List<Event> poll(Past past, Instant now) {
    List<Event> events = new ArrayList<>();
    for (MetricPoint point : oldestFirst(source.latest(experiment, metric, RUNS))) {
      if (point.at().isAfter(past.since()) && condition.test(point.value())) {
        events.add(event(experiment, metric, point, point.run()));
      }
    }
    return events;
  }

  static List<MetricPoint> oldestFirst(List<MetricPoint> newestFirst) {
    List<MetricPoint> points = new ArrayList<>(newestFirst);
    Collections.reverse(points);
    return points;
  }

  static Event event(String experiment, String metric, MetricPoint point, String id) {
    return new Event(
        id,
        point.at(),
        Map.of(
            "experiment", experiment,
            "metric", metric,
            "run", point.run(),
            "value", String.valueOf(point.value()),
            "step", String.valueOf(point.step())));
  }
}
