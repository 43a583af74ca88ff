package io.shelfmark.inference;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;

/**
 * What recognizers tell a registry of Micrometer's: timers, gauges and distributions named {@code
 * shelfmark.recognizer.*}, which docs/observability.md lists.
 *
 * <pre>{@code
 * PriceTagRecognizer.builder().version("v5").meters(RecognizerMeters.of(registry)).build();
 * }</pre>
 *
 * <p>One for each registry, which its recognizers share: of two on one registry the second one's
 * gauges are not seen. Each {@linkplain RecognizerBuilder#version version} of the models has meters
 * of its own, with its name as the tag {@code version}; they are removed when its last recognizer
 * is closed. Needs {@code io.micrometer:micrometer-core}, which the host brings; without it nothing
 * else of the library is missing. Thread-safe; nothing to close.
 */
public final class RecognizerMeters {

  private final MeterRegistry registry;
  private final VersionMeters versions;

  private RecognizerMeters(MeterRegistry registry) {
    this.registry = registry;
    this.versions = new VersionMeters(registry);
  }

  /** Meters in {@code registry}, where they appear when a recognizer is opened. */
  public static RecognizerMeters of(MeterRegistry registry) {
    return new RecognizerMeters(Objects.requireNonNull(registry, "registry"));
  }

  /** Where they are. */
  public MeterRegistry registry() {
    return registry;
  }

  StageObserver observer(String version) {
    return versions.observer(version);
  }
}
