package io.shelfmark.inference;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one registry: a set for each version of the models, which its recognizers share. A
 * set comes with the first recognizer and goes when the last one is closed, so that a registry does
 * not fill up with versions of the past; the set of those that say no version stays. Thread-safe.
 */
final class VersionMeters {

  private final MeterRegistry registry;

  /** Guarded by this: the sets in the registry. */
  private final Map<String, MicrometerStages> sets = new HashMap<>();

  VersionMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** What one recognizer of a version, or one after the other, tells. */
  StageObserver observer(String version) {
    return new Observer(version);
  }

  private synchronized MicrometerStages open(String version, IntSupplier queue) {
    MicrometerStages set =
        sets.computeIfAbsent(version, name -> new MicrometerStages(registry, name));
    set.opened(queue);
    return set;
  }

  private synchronized void close(String version, IntSupplier queue) {
    MicrometerStages set = sets.get(version);
    if (set != null) {
      set.closed(queue);
      if (set.isUnused() && !version.equals(RecognizerBuilder.NO_VERSION)) {
        sets.remove(version);
        set.leave(registry);
      }
    }
  }

  private final class Observer implements StageObserver {
    private final String version;

    /** Those of now; after a close they are written on and seen by nobody. */
    private volatile @Nullable MicrometerStages stages;

    Observer(String version) {
      this.version = version;
    }

    private MicrometerStages stages() {
      return Objects.requireNonNull(stages, "opened");
    }

    @Override
    public void opened(IntSupplier queue) {
      stages = open(version, queue);
    }

    @Override
    public void closed(IntSupplier queue) {
      close(version, queue);
    }

    @Override
    public void waited(long nanos) {
      stages().waited(nanos);
    }

    @Override
    public void refused(Throwable why) {
      stages().refused(why);
    }

    @Override
    public void begun() {
      stages().begun();
    }

    @Override
    public void ended(PhotoTrace photo) {
      stages().ended(photo);
    }

    @Override
    public void ran(int model, long items, long nanos) {
      MicrometerStages told = stages;
      if (told != null) {
        // null: a model that is tried while its recognizer is being opened
        told.ran(model, items, nanos);
      }
    }
  }
}
