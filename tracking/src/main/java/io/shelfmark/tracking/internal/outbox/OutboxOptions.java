package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.Refusal;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an {@link Outbox} works; {@link #builder()} makes one. Immutable.
 *
 * <p>By default what was logged is durable after 200 ms, a batch has 100,000 points at most, memory
 * holds 64 MB (1,000,000 points), the spool 1 GB, attempts come 0.1 to 30 s apart, closing waits 10
 * s, and refusals and problems are logged.
 */
public final class OutboxOptions {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final Builder values;

  private OutboxOptions(Builder values) {
    this.values = values;
  }

  /** The defaults, to be changed. */
  public static Builder builder() {
    return new Builder();
  }

  Duration maxDelay() {
    return values.maxDelay;
  }

  long batchBytes() {
    return Footprint.METRIC * values.batchPoints;
  }

  long memoryBytes() {
    return values.memoryBytes;
  }

  long spoolBytes() {
    return values.spoolBytes;
  }

  Duration minBackoff() {
    return values.minBackoff;
  }

  Duration maxBackoff() {
    return values.maxBackoff;
  }

  Duration closeTimeout() {
    return values.closeTimeout;
  }

  Consumer<? super Refusal> refusals() {
    return values.refusals;
  }

  Consumer<? super SpoolException> problems() {
    return values.problems;
  }

  /** Makes options. For one thread. */
  public static final class Builder {

    private Duration maxDelay = Duration.ofMillis(200);
    private int batchPoints = 100_000;
    private long memoryBytes = 64_000_000;
    private long spoolBytes = 1_000_000_000;
    private Duration minBackoff = Duration.ofMillis(100);
    private Duration maxBackoff = Duration.ofSeconds(30);
    private Duration closeTimeout = Duration.ofSeconds(10);
    private Consumer<? super Refusal> refusals =
        refusal ->
            LOG.warn("A write was refused: {}", String.valueOf(refusal.reason().getMessage()));
    private Consumer<? super SpoolException> problems =
        problem -> LOG.error("A part of a spool was not sent", problem);

    private Builder() {}

    private Builder(Builder from) {
      this.maxDelay = from.maxDelay;
      this.batchPoints = from.batchPoints;
      this.memoryBytes = from.memoryBytes;
      this.spoolBytes = from.spoolBytes;
      this.minBackoff = from.minBackoff;
      this.maxBackoff = from.maxBackoff;
      this.closeTimeout = from.closeTimeout;
      this.refusals = from.refusals;
      this.problems = from.problems;
    }

    /** After how long what was logged is durable without a flush; 10 ms or more. */
    public Builder maxDelay(Duration value) {
      this.maxDelay = requireBetween("maxDelay", value, Duration.ofMillis(10));
      return this;
    }

    /** How many points one call of the store takes at most, about. */
    public Builder batchPoints(int value) {
      this.batchPoints = (int) requirePositive("batchPoints", value);
      return this;
    }

    /** How much waits in memory before callers wait; a point takes 64 bytes. */
    public Builder memoryBytes(long value) {
      this.memoryBytes = requirePositive("memoryBytes", value);
      return this;
    }

    /** How much waits on disk before callers wait; a point takes 13 bytes or so. */
    public Builder spoolBytes(long value) {
      this.spoolBytes = requirePositive("spoolBytes", value);
      return this;
    }

    /**
     * How long to wait after the first failure and, each time twice as long, at most.
     *
     * @param least 1 ms or more
     * @param most not less than that
     */
    public Builder backoff(Duration least, Duration most) {
      this.minBackoff = requireBetween("backoff", least, Duration.ofMillis(1));
      this.maxBackoff = requireBetween("backoff", most, least);
      return this;
    }

    /** How long closing waits until everything is durable, and then for the store. */
    public Builder closeTimeout(Duration value) {
      this.closeTimeout = requireBetween("closeTimeout", value, Duration.ZERO);
      return this;
    }

    /** Who is told of writes that can never be made, on the sender's thread. */
    public Builder refusals(Consumer<? super Refusal> value) {
      this.refusals = Objects.requireNonNull(value, "refusals");
      return this;
    }

    /** Who is told of what cannot be read in a spool, on the opener's or the sender's thread. */
    public Builder problems(Consumer<? super SpoolException> value) {
      this.problems = Objects.requireNonNull(value, "problems");
      return this;
    }

    /** The options. */
    public OutboxOptions build() {
      return new OutboxOptions(new Builder(this));
    }

    private static long requirePositive(String name, long value) {
      if (value <= 0) {
        throw new IllegalArgumentException(
            "Cannot set %s: found %d, expected 1 or more".formatted(name, value));
      }
      return value;
    }

    private static Duration requireBetween(String name, Duration value, Duration least) {
      Objects.requireNonNull(value, name);
      if (value.compareTo(least) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException(
            "Cannot set %s: found %s, expected %s to a day".formatted(name, value, least));
      }
      return value;
    }
  }
}
