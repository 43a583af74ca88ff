package io.shelfmark.inference;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.shelfmark.inference.PhotoTrace.Outcome;
import io.shelfmark.inference.PhotoTrace.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Puts what the stages do of recognizers of one version into Micrometer's meters, all of which are
 * made beforehand.
 */
final class MicrometerStages implements StageObserver {

  private static final Stage[] STAGES = Stage.values();
  private static final String PREFIX = "shelfmark.recognizer.";
  private static final String VERSION = "version";

  /** In the order of {@code RecognizerBuilder.models}. */
  private static final List<String> MODELS =
      List.of("tag-detector", "field-detector", "text-recognizer");

  private final String version;
  private final List<Meter> meters = new ArrayList<>();
  private final List<IntSupplier> queues = new CopyOnWriteArrayList<>();
  private final LongAdder reading = new LongAdder();
  private final Timer wait;
  private final Counter overload;
  private final Counter deadline;
  private final Map<Outcome, Timer> photos = new EnumMap<>(Outcome.class);
  private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
  private final Runs[] engines = new Runs[MODELS.size()];
  private final DistributionSummary tags;
  private final DistributionSummary lines;

  MicrometerStages(MeterRegistry registry, String version) {
    this.version = version;
    try {
      gauge(registry, "queue.size", "photos that wait for a thread", this::waiting);
      gauge(registry, "active", "photos that are being read", reading::sum);
      overload = refused(registry, "overload");
      deadline = refused(registry, "deadline");
      wait = kept(timer("queue.wait", "how long photos waited for a thread").register(registry));
      for (Outcome outcome : Outcome.values()) {
        photos.put(
            outcome,
            kept(
                timer("photo", "a photo from its bytes to its tags")
                    .tag("outcome", lower(outcome))
                    .register(registry)));
      }
      for (Stage stage : STAGES) {
        stages.put(
            stage,
            kept(
                timer("stage", "what a photo that was read spent in a stage")
                    .tag("stage", lower(stage))
                    .register(registry)));
      }
      for (int i = 0; i < engines.length; i++) {
        engines[i] = new Runs();
        engine(registry, MODELS.get(i), engines[i]);
      }
      tags = kept(summary("tags", "tags of a photo that was read").register(registry));
      lines = kept(summary("lines", "lines of text of a photo that was read").register(registry));
    } catch (RuntimeException | Error e) {
      // what stays would be given to the version's next recognizer, and show nothing of it
      leave(registry);
      throw e;
    }
  }

  private <M extends Meter> M kept(M meter) {
    meters.add(meter);
    return meter;
  }

  private void gauge(MeterRegistry registry, String name, String what, Supplier<Number> value) {
    kept(
        Gauge.builder(PREFIX + name, value)
            .description(what)
            .tag(VERSION, version)
            .register(registry));
  }

  private Counter refused(MeterRegistry registry, String reason) {
    return kept(
        Counter.builder(PREFIX + "refused")
            .description("photos of the queue that were given up")
            .tag("reason", reason)
            .tag(VERSION, version)
            .register(registry));
  }

  private void engine(MeterRegistry registry, String model, Runs runs) {
    kept(
        FunctionTimer.builder(
                PREFIX + "engine",
                runs,
                from -> from.runs.sum(),
                from -> from.nanos.sum(),
                TimeUnit.NANOSECONDS)
            .description("runs of the engine")
            .tag("model", model)
            .tag(VERSION, version)
            .register(registry));
    kept(
        FunctionCounter.builder(PREFIX + "engine.items", runs, from -> from.items.sum())
            .description("photos, tags or lines in the runs of the engine")
            .tag("model", model)
            .tag(VERSION, version)
            .register(registry));
  }

  private int waiting() {
    return queues.stream().mapToInt(IntSupplier::getAsInt).sum();
  }

  private Timer.Builder timer(String name, String what) {
    return Timer.builder(PREFIX + name).description(what).tag(VERSION, version);
  }

  private DistributionSummary.Builder summary(String name, String what) {
    return DistributionSummary.builder(PREFIX + name).description(what).tag(VERSION, version);
  }

  private static <K> Timer timer(Map<K, Timer> timers, K key) {
    return Objects.requireNonNull(timers.get(key));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void opened(IntSupplier queue) {
    queues.add(queue);
  }

  @Override
  public void closed(IntSupplier queue) {
    queues.remove(queue);
  }

  /** Whether no recognizer is open that tells them. */
  boolean isUnused() {
    return queues.isEmpty();
  }

  /** Takes all of them out of the registry. */
  void leave(MeterRegistry registry) {
    meters.forEach(registry::remove);
  }

  @Override
  public void waited(long nanos) {
    wait.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void refused(Throwable why) {
    if (why instanceof OverloadException) {
      overload.increment();
    } else if (why instanceof DeadlineException) {
      deadline.increment();
    }
  }

  @Override
  public void begun() {
    reading.increment();
  }

  @Override
  public void ended(PhotoTrace photo) {
    reading.decrement();
    timer(photos, photo.outcome()).record(photo.nanos(), TimeUnit.NANOSECONDS);
    ShelfReading read = photo.reading();
    if (read != null) {
      for (Stage stage : STAGES) {
        timer(stages, stage).record(photo.nanos(stage), TimeUnit.NANOSECONDS);
      }
      tags.record(read.tags().size());
      lines.record(photo.lines());
    }
  }

  @Override
  public void ran(int model, long items, long nanos) {
    engines[model].runs.increment();
    engines[model].items.add(items);
    engines[model].nanos.add(nanos);
  }

  /**
   * The engine's runs of a model. A photo makes dozens: they are added up, and looked at when the
   * registry is.
   */
  private static final class Runs {
    final LongAdder runs = new LongAdder();
    final LongAdder items = new LongAdder();
    final LongAdder nanos = new LongAdder();
  }
}
