package io.shelfmark.inference.rollout;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.shelfmark.inference.RecognizerMeters;
import io.shelfmark.inference.rollout.Traffic.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Which version has which role and how it does in it, as meters of Micrometer's: figures that are
 * counted anyhow, looked at when the registry is, so that photos pay nothing for it. A change of
 * the traffic puts the meters of its versions in place of those before. For one thread at a time.
 */
final class RolloutMeters {

  private static final String PREFIX = "shelfmark.rollout.";

  private final MeterRegistry registry;
  private final Meter draining;
  private final List<Meter> ofVersions = new ArrayList<>();

  RolloutMeters(RecognizerMeters meters, Versions versions) {
    registry = meters.registry();
    draining =
        Gauge.builder(PREFIX + "draining", versions::draining)
            .description("older versions that are not closed yet")
            .register(registry);
  }

  /** Puts the versions of this traffic in place of those before. */
  void show(Traffic traffic) {
    removeVersions();
    Trial trial = traffic.trial();
    double canary = trial == null ? 0 : Traffic.percent(trial.canary()) / 100;
    show(traffic.current(), "current", () -> 1 - canary);
    if (trial != null) {
      Shadow shadow = trial.shadow();
      show(trial.lane(), "canary", () -> canary);
      show(shadow.lane(), "shadow", () -> shadow.figures().percent() / 100);
      counter(
          "disagreeing", shadow.lane(), "shadow", lane -> (double) shadow.figures().disagreeing());
      counter("dropped", shadow.lane(), "shadow", lane -> (double) shadow.figures().dropped());
    }
  }

  private void show(Lane lane, String role, Supplier<Number> share) {
    gauge("share", lane, role, share);
    gauge("priced", lane, role, () -> lane.figures().pricedShare());
    counter("photos", lane, role, each -> each.figures().photos());
    counter("failures", lane, role, each -> each.figures().failures());
  }

  private void gauge(String name, Lane lane, String role, Supplier<Number> value) {
    ofVersions.add(
        Gauge.builder(PREFIX + name, value)
            .tag("version", lane.version().name())
            .tag("role", role)
            .register(registry));
  }

  private void counter(String name, Lane lane, String role, ToDoubleFunction<Lane> value) {
    ofVersions.add(
        FunctionCounter.builder(PREFIX + name, lane, value)
            .tag("version", lane.version().name())
            .tag("role", role)
            .register(registry));
  }

  private void removeVersions() {
    ofVersions.forEach(registry::remove);
    ofVersions.clear();
  }

  /** Takes all of it out of the registry. */
  void close() {
    removeVersions();
    registry.remove(draining);
  }
}
