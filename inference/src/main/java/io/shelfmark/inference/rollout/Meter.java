package io.shelfmark.inference.rollout;

import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.ShelfReading;
import java.util.concurrent.atomic.LongAdder;

/** What one version did in one role. Thread-safe, without locks. */
final class Meter {

  private final LongAdder photos = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder tags = new LongAdder();
  private final LongAdder priced = new LongAdder();
  private final LatencyHistogram latency = new LatencyHistogram();

  void read(ShelfReading reading, long nanos) {
    int prices = 0;
    for (PriceTag tag : reading.tags()) {
      prices += tag.price().isPresent() ? 1 : 0;
    }
    photos.increment();
    tags.add(reading.tags().size());
    priced.add(prices);
    latency.record(nanos);
  }

  void failed() {
    photos.increment();
    failures.increment();
  }

  VersionFigures figures(String version) {
    long failed = failures.sum();
    long all = Math.max(photos.sum(), failed);
    long found = tags.sum();
    return new VersionFigures(
        version,
        all,
        failed,
        new VersionFigures.Latency(
            latency.quantile(0.5), latency.quantile(0.9), latency.quantile(0.99)),
        all == failed ? 0 : (double) found / (all - failed),
        found == 0 ? 0 : (double) priced.sum() / found);
  }
}
