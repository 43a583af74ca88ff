package io.shelfmark.storage.s3;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only by sleeping. Thread-safe. */
final class FakeTime {

  private final AtomicLong nanos = new AtomicLong();

  long nanos() {
    return nanos.get();
  }

  void sleep(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  Duration passed() {
    return Duration.ofNanos(nanos.get());
  }
}
