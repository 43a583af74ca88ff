package io.shelfmark.cluster;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a host's meters tell of this process, and of the queues that it takes from. Elements of a
 * fan-out count under their step's name. docs/cluster-operations.md lists the names. Thread-safe.
 */
final class ClusterMeters implements RunEvent.Listener, SchedulerTickets.TakeoverListener {

  private static final String PREFIX = "shelfmark.cluster.";
  private static final String QUEUE = "queue";

  /** How old a depth may be: counting rows is no work for each scrape. */
  private static final long OLDEST_DEPTH_NANOS = Duration.ofSeconds(5).toNanos();

  private final MeterRegistry registry;
  private final Counter fenced;
  private final Map<Begun, Instant> begun = new ConcurrentHashMap<>();

  /** An attempt that goes on. */
  private record Begun(RunId run, String step) {}

  /** How full a queue was at a moment of the monotonic clock; none when nobody could say. */
  private record Depth(@Nullable QueueDepth depth, long nanos) {}

  ClusterMeters(MeterRegistry registry) {
    this.registry = registry;
    this.fenced =
        Counter.builder(PREFIX + "fenced")
            .description("results that came too late and count for nothing")
            .register(registry);
  }

  /** Tells how many attempts go on here. */
  void running(Supplier<Number> attempts) {
    Gauge.builder(PREFIX + "running", attempts)
        .description("attempts that go on in this process")
        .register(registry);
  }

  /** Tells how full a queue is over all processes; whoever is asked may answer null. */
  void queue(String label, Supplier<@Nullable QueueDepth> source) {
    Supplier<@Nullable QueueDepth> cached = cached(source);
    depth(label, "waiting", cached, QueueDepth::waiting);
    depth(label, "delayed", cached, QueueDepth::delayed);
    depth(label, "taken", cached, QueueDepth::taken);
  }

  private void depth(
      String label,
      String state,
      Supplier<@Nullable QueueDepth> source,
      ToLongFunction<QueueDepth> part) {
    Gauge.builder(
            PREFIX + "tickets",
            source,
            from -> {
              QueueDepth depth = from.get();
              return depth == null ? Double.NaN : part.applyAsLong(depth);
            })
        .description("tickets of a queue over all processes")
        .tag(QUEUE, label)
        .tag("state", state)
        .strongReference(true)
        .register(registry);
  }

  private static Supplier<@Nullable QueueDepth> cached(Supplier<@Nullable QueueDepth> source) {
    return new Supplier<>() {
      private @Nullable Depth last;

      @Override
      public synchronized @Nullable QueueDepth get() {
        Depth known = last;
        if (known == null || System.nanoTime() - known.nanos() > OLDEST_DEPTH_NANOS) {
          known = new Depth(source.get(), System.nanoTime());
          last = known;
        }
        return known.depth();
      }
    };
  }

  /** The result of an attempt came too late; the same step may go on here in a later one. */
  void fenced(RunId run, String step, Instant from) {
    fenced.increment();
    begun.remove(new Begun(run, step), from);
  }

  @Override
  public void taken(String queue, String ticket, String deadOwner) {
    Counter.builder(PREFIX + "takeovers")
        .description("tickets that this process took from dead owners")
        .tag(QUEUE, queue)
        .register(registry)
        .increment();
  }

  @Override
  public void happened(RunEvent event) {
    if (event instanceof RunEvent.AttemptStarted started) {
      begun.put(new Begun(started.run(), started.step()), started.at());
    } else if (event instanceof RunEvent.AttemptFailed failed && failed.nextIn().isPresent()) {
      time(failed.run(), failed.step(), failed.at(), "RETRIED");
    } else if (event instanceof RunEvent.StepEnded ended) {
      time(ended.run(), ended.step(), ended.at(), ended.state().name());
      committed(ended.state());
    } else if (event instanceof RunEvent.RunEnded ended) {
      begun.keySet().removeIf(attempt -> attempt.run().equals(ended.run()));
    }
  }

  private void committed(StepState state) {
    Counter.builder(PREFIX + "committed")
        .description("steps and elements that this process settled")
        .tag("state", state.name())
        .register(registry)
        .increment();
  }

  private void time(RunId run, String step, Instant at, String outcome) {
    Instant from = begun.remove(new Begun(run, step));
    if (from != null) {
      int bracket = step.indexOf('[');
      Timer.builder(PREFIX + "step")
          .description("attempts, from their begin to their commit")
          .tag("step", bracket < 0 ? step : step.substring(0, bracket))
          .tag("outcome", outcome)
          .register(registry)
          .record(Duration.between(from, at));
    }
  }
}
