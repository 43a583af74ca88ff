package io.shelfmark.pipeline.schedule;

import io.shelfmark.pipeline.MetricPoint;
import io.shelfmark.pipeline.MetricSource;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A metric's last point that is some way off the value at which the trigger fired last; before the
 * first fire, off the value that it had when the trigger was first watched.
 */
record MetricChange(MetricSource source, String experiment, String metric, double by)
    implements EventSource {

  private Optional<MetricPoint> last() {
    return source.latest(experiment, metric, MetricThreshold.RUNS).stream()
        .filter(point -> !Double.isNaN(point.value()))
        .max(Comparator.comparing(MetricPoint::at));
  }

  @Override
  public String baseline() {
    return last().map(point -> String.valueOf(point.value())).orElse("");
  }

  @Override
  public List<Event> poll(Past past, Instant now) {
    Optional<MetricPoint> last = last();
    if (last.isEmpty()) {
      return List.of();
    }
    MetricPoint point = last.get();
    Optional<Double> reference =
        past.fires().stream()
            .filter(fire -> metric.equals(fire.values().get("metric")))
            .filter(fire -> fire.values().containsKey("value"))
            .max(Comparator.comparing(Fire::due))
            .map(fire -> fire.values().get("value"))
            .or(() -> Optional.of(past.baseline()).filter(text -> !text.isEmpty()))
            .map(Double::valueOf);
    boolean changed = reference.isEmpty() || Math.abs(point.value() - reference.get()) >= by;
    return changed && point.at().isAfter(past.since())
        ? List.of(
            MetricThreshold.event(
                experiment,
                metric,
                point,
                "%s/%d/%s".formatted(point.run(), point.step(), point.at())))
        : List.of();
  }
}
