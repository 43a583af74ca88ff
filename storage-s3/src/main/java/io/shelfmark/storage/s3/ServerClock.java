package io.shelfmark.storage.s3;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.function.LongSupplier;

/**
 * The server's clock, told from the {@code Date} of its replies. A date counts whole seconds, so
 * one reply narrows the server's time down to an interval as long as a second and the exchange; the
 * intervals of all replies are cut with each other. When they no longer overlap, one of the clocks
 * was set or drifted, and the last reply counts. Thread-safe.
 */
final class ServerClock {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** When a last reply is this old, another one is asked for before the time is told. */
  private static final long STALE = Duration.ofMinutes(5).toNanos();

  private final LongSupplier ticker;

  // the lock of this object protects what follows: bounds of server's time less ticker, and when
  private boolean known;
  private long lowest;
  private long highest;
  private long heard;

  ServerClock(LongSupplier ticker) {
    this.ticker = ticker;
  }

  long tick() {
    return ticker.getAsLong();
  }

  /** Takes note of a reply's date; anything that is none is ignored. */
  void hear(String date, long sent) {
    long received = tick();
    long server;
    try {
      server = nanos(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException e) {
      return;
    }
    synchronized (this) {
      long low = server - received;
      long high = server + SECOND - sent;
      boolean overlaps = known && low <= highest && high >= lowest;
      lowest = overlaps ? Math.max(low, lowest) : low;
      highest = overlaps ? Math.min(high, highest) : high;
      heard = received;
      known = true;
    }
  }

  synchronized boolean isStale() {
    return !known || tick() - heard > STALE;
  }

  /** The server's time, or this machine's while no reply had a date. */
  synchronized Instant now() {
    if (!known) {
      return Instant.now();
    }
    long offset = lowest + (highest - lowest) / 2;
    return Instant.ofEpochSecond(0, tick() + offset);
  }

  private static long nanos(Instant instant) {
    return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano());
  }
}
