package io.shelfmark.cluster;

import java.time.Duration;
import java.util.Objects;

/** Puts a ticket back: it is not for this process, or not for now. No failure. */
final class Redeliver extends Exception {

  private static final long serialVersionUID = 1L;

  private final Duration delay;

  Redeliver(String reason, Duration delay) {
    super(reason, null, false, false);
    this.delay = Objects.requireNonNull(delay, "delay");
  }

  Duration delay() {
    return delay;
  }
}
