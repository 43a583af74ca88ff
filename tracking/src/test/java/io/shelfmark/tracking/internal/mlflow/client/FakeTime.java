package io.shelfmark.tracking.internal.mlflow.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A clock that only waits move. */
final class FakeTime implements LongSupplier, Attempts.Sleeper {

  final List<Duration> waits = new ArrayList<>();
  private long nanos;

  @Override
  public synchronized long getAsLong() {
    return nanos;
  }

  @Override
  public synchronized void sleep(Duration time) {
    waits.add(time);
    nanos += time.toNanos();
  }
}
