package io.shelfmark.inference;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;

/**
 * What recognizers tell a registry of Micrometer's: timers, gauges and distributions named {@code
 * shelfmark.recognizer.*}, which docs/observability.md lists.
 *
 * <pre>{@code
 * PriceTagRecognizer.builder().meters(RecognizerMeters.of(registry)).build();
 * }</pre>
 *
 * <p>One for each registry, which its recognizers share: of two on one registry the second one's
 * gauges are not seen. Needs {@code io.micrometer:micrometer-core}, which the host brings; without
 * it nothing else of the library is missing. Thread-safe; nothing to close.
 */
public final class RecognizerMeters {

  private final StageObserver observer;

  private RecognizerMeters(StageObserver observer) {
    this.observer = observer;
  }

  /** Meters in {@code registry}, where they appear at once. */
  public static RecognizerMeters of(MeterRegistry registry) {
    return new RecognizerMeters(new MicrometerStages(Objects.requireNonNull(registry, "registry")));
  }

  StageObserver observer() {
    return observer;
  }
}
