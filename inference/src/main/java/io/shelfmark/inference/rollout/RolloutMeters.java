package io.shelfmark.inference.rollout;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.shelfmark.inference.RecognizerMeters;
import io.shelfmark.inference.rollout.Traffic.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version has which role and how it does in it, as meters of Micrometer's: figures that are
 * counted anyhow, looked at when the registry is, so that photos pay nothing for it. Where a change
 * of the traffic has figures begin anew, their meters do; else they stay, since a registry that
 * reports steps would report again what it has seen of a counter that comes back. What the registry
 * or a listener of the host's throws is logged and changes nothing else. For one thread at a time.
 */
final class RolloutMeters {

  private static final Logger LOG = LoggerFactory.getLogger(RolloutMeters.class);
  private static final String PREFIX = "shelfmark.rollout.";

  private final MeterRegistry registry;
  private final List<Meter> always = new ArrayList<>();
  private final List<Meter> ofVersions = new ArrayList<>();

  /** The shares of now; read by the registry. */
  private volatile Traffic shown;

  RolloutMeters(RecognizerMeters meters, Versions versions, Traffic first) {
    registry = meters.registry();
    shown = first;
    add(
        always,
        "draining",
        name ->
            Gauge.builder(name, versions::draining)
                .description("older versions that are not closed yet")
                .register(registry));
    addVersions(first);
  }

  /** Shows this traffic in place of the one before. */
  void show(Traffic next) {
    boolean same = counted(next).equals(counted(shown));
    if (!same) {
      remove(ofVersions);
    }
    shown = next;
    if (!same) {
      addVersions(next);
    }
  }

  /** Whose figures the meters are. */
  private static List<Object> counted(Traffic traffic) {
    Trial trial = traffic.trial();
    return trial == null
        ? List.of(traffic.current())
        : List.of(traffic.current(), trial.lane(), trial.shadow());
  }

  private void addVersions(Traffic traffic) {
    show(traffic.current(), "current", () -> 1 - canary());
    Trial trial = traffic.trial();
    if (trial != null) {
      Shadow shadow = trial.shadow();
      show(trial.lane(), "canary", this::canary);
      show(shadow.lane(), "shadow", () -> shadow.figures().percent() / 100);
      counter(
          "disagreeing", shadow.lane(), "shadow", lane -> (double) shadow.figures().disagreeing());
      counter("dropped", shadow.lane(), "shadow", lane -> (double) shadow.figures().dropped());
    }
  }

  private double canary() {
    Trial trial = shown.trial();
    return trial == null ? 0 : Traffic.percent(trial.canary()) / 100;
  }

  private void show(Lane lane, String role, Supplier<Number> share) {
    gauge("share", lane, role, share);
    gauge("priced", lane, role, () -> lane.figures().pricedShare());
    counter("photos", lane, role, each -> each.figures().photos());
    counter("failures", lane, role, each -> each.figures().failures());
  }

  private void gauge(String name, Lane lane, String role, Supplier<Number> value) {
    add(
        ofVersions,
        name,
        full ->
            Gauge.builder(full, value)
                .tag("version", lane.version().name())
                .tag("role", role)
                .register(registry));
  }

  private void counter(String name, Lane lane, String role, ToDoubleFunction<Lane> value) {
    add(
        ofVersions,
        name,
        full ->
            FunctionCounter.builder(full, lane, value)
                .tag("version", lane.version().name())
                .tag("role", role)
                .register(registry));
  }

  private static void add(List<Meter> to, String name, Function<String, Meter> register) {
    try {
      to.add(register.apply(PREFIX + name));
    } catch (RuntimeException | Error e) {
      LOG.warn("Cannot show meter {}{}: the registry refused it", PREFIX, name, e);
    }
  }

  private void remove(List<Meter> meters) {
    for (Meter meter : meters) {
      try {
        registry.remove(meter);
      } catch (RuntimeException | Error e) {
        LOG.warn("Cannot remove meter {}: the registry may still show it", meter.getId(), e);
      }
    }
    meters.clear();
  }

  /** Takes all of it out of the registry. */
  void close() {
    remove(ofVersions);
    remove(always);
  }
}
