package io.shelfmark.inference.rollout;

import io.shelfmark.inference.EngineInUse;
import io.shelfmark.inference.PhotoOutcome;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.rollout.RolloutReport.CandidateFigures;
import io.shelfmark.inference.rollout.Traffic.Trial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A recognizer whose models are replaced while it runs. Each photo is read wholly by one version;
 * none is lost by a change. Get one from {@link #open} or {@link #builder()}.
 *
 * <pre>{@code
 * try (RollingRecognizer recognizer = RollingRecognizer.open("v4", PriceTagRecognizer::open)) {
 *   recognizer.tryOut("v5", PriceTagRecognizer.builder().textRecognizer(v5)::build);
 *   recognizer.shadow(20); // percent of the photos are read by both and compared
 *   recognizer.canary(5); // percent are answered by v5
 *   System.out.println(recognizer.report().table());
 *   recognizer.promote(); // or rollBack()
 * }
 * }</pre>
 *
 * <p>A version that is replaced is closed when the last photo that was given to it is read; until
 * then both are in memory. {@link #recognizeAll} chooses the version for each photo when it hands
 * it in, so that a long call follows a change and does not hold old models to its end. A version
 * that does not open, or cannot read the warm-up, changes nothing.
 *
 * <p>Thread-safe: photos never wait for a change. Changes wait for each other. Closing refuses new
 * photos, waits until those handed in are read, and closes all versions; in a callback of {@link
 * #recognizeAsync} it does not wait, since the photos may need that thread.
 */
public final class RollingRecognizer implements PriceTagRecognizer {

  private final RollingBuilder options;
  private final Versions versions = new Versions();
  private final Callbacks callbacks = new Callbacks();

  /** Serializes changes of {@code traffic} and {@code closed}; no photo takes it. */
  private final ReentrantLock changes = new ReentrantLock();

  private volatile Traffic traffic;
  private volatile boolean closed;
  private volatile @Nullable ShelfPhoto lastRead;

  RollingRecognizer(
      RollingBuilder options, String version, Supplier<? extends PriceTagRecognizer> models) {
    this.options = options.copy();
    requireName(version);
    this.traffic = new Traffic(Lane.of(versions.open(version, models, options.warmUp, "")), null);
  }

  /**
   * A recognizer with one version and every option at its default.
   *
   * @param version what reports and messages call it
   * @param models opens it, such as {@code PriceTagRecognizer::open}
   * @throws io.shelfmark.inference.ModelException when it does not open
   */
  public static RollingRecognizer open(
      String version, Supplier<? extends PriceTagRecognizer> models) {
    return builder().open(version, models);
  }

  /** Options first: warm-up photos, who is told of disagreements. */
  public static RollingBuilder builder() {
    return new RollingBuilder();
  }

  @Override
  public ShelfReading recognize(ShelfPhoto photo, ReadOptions how) {
    Objects.requireNonNull(photo, "photo");
    Objects.requireNonNull(how, "how");
    Lane lane = take(photo);
    try {
      return recognize(lane, photo, how);
    } finally {
      lane.version().release();
    }
  }

  /**
   * Reads one photo on the calling thread and says which version did.
   *
   * @throws io.shelfmark.inference.UnreadablePhotoException as {@link #recognize}
   * @throws IllegalStateException when this recognizer is closed
   */
  public VersionedReading recognizeVersioned(ShelfPhoto photo) {
    Objects.requireNonNull(photo, "photo");
    Lane lane = take(photo);
    try {
      return new VersionedReading(
          lane.version().name(), recognize(lane, photo, ReadOptions.interactive()));
    } finally {
      lane.version().release();
    }
  }

  private ShelfReading recognize(Lane lane, ShelfPhoto photo, ReadOptions how) {
    long start = System.nanoTime();
    ShelfReading reading;
    try {
      reading = lane.version().recognizer().recognize(photo, how);
    } catch (RuntimeException | Error e) {
      lane.meter().failed();
      throw e;
    }
    read(lane, photo, reading, System.nanoTime() - start);
    return reading;
  }

  /** Counts a reading, and has the candidate read the photo too if it is of its share. */
  void read(Lane lane, ShelfPhoto photo, ShelfReading reading, long nanos) {
    lane.meter().read(reading, nanos);
    lastRead = photo;
    Traffic now = traffic;
    Trial trial = now.trial();
    if (trial != null && now.current().equals(lane)) {
      trial.shadow().offer(photo, reading, lane.version().name());
    }
  }

  @Override
  public CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo, ReadOptions how) {
    Objects.requireNonNull(photo, "photo");
    Objects.requireNonNull(how, "how");
    PendingReading pending = new PendingReading(this, take(photo), photo, how);
    callbacks.handIn(pending);
    return pending;
  }

  /** Runs what completes a future: the callbacks that hang on it are in it. */
  void inCallback(Runnable completion) {
    callbacks.during(completion);
  }

  @Override
  public List<PhotoOutcome> recognizeAll(Collection<ShelfPhoto> photos) {
    List<ShelfPhoto> asked = List.copyOf(photos);
    requireOpen();
    List<CompletableFuture<ShelfReading>> pending = new ArrayList<>();
    for (ShelfPhoto photo : asked) {
      pending.add(Outcomes.attempt(this::readInBulk, photo));
    }
    return Outcomes.await(asked, pending);
  }

  /**
   * Hands a photo in, or reads it on the calling thread where that is a callback's, which no other
   * thread may wait for, and where the models refuse it for lack of room: the caller waits anyhow.
   */
  private CompletableFuture<ShelfReading> readInBulk(ShelfPhoto photo) {
    if (!callbacks.running()) {
      CompletableFuture<ShelfReading> pending = recognizeAsync(photo, ReadOptions.bulk());
      if (!Outcomes.refused(pending)) {
        return pending;
      }
    }
    return CompletableFuture.completedFuture(recognize(photo));
  }

  /**
   * Takes a version for a photo. A version that is let go of by all was replaced in the traffic
   * before, so that the next look finds another one.
   */
  private Lane take(ShelfPhoto photo) {
    while (true) {
      requireOpen();
      Lane lane = traffic.lane(photo);
      if (lane.version().acquire()) {
        return lane;
      }
    }
  }

  /**
   * Opens a version, warms it up and puts it in place of the one in use. A candidate stays, and is
   * compared with the new one from then on: figures begin anew.
   *
   * @throws io.shelfmark.inference.ModelException when it does not open or cannot read the warm-up:
   *     nothing has changed then
   * @throws IllegalStateException when this recognizer is closed
   */
  public void swap(String version, Supplier<? extends PriceTagRecognizer> models) {
    change(
        () -> {
          Trial trial = traffic.trial();
          if (trial != null) {
            requireOther(version, trial.lane().version());
          }
          replaceCurrent(Lane.of(opened(version, models)), trial);
        });
  }

  /**
   * Brings a version in place of the one in use if it is not that already: promotes the candidate
   * when it is the one.
   */
  void follow(String version, Supplier<? extends PriceTagRecognizer> models) {
    change(
        () -> {
          if (traffic.current().version().name().equals(version)) {
            return;
          }
          Trial trial = traffic.trial();
          if (trial != null && trial.lane().version().name().equals(version)) {
            promote();
          } else {
            replaceCurrent(Lane.of(opened(version, models)), trial);
          }
        });
  }

  private void replaceCurrent(Lane current, @Nullable Trial kept) {
    ModelVersion replaced = traffic.current().version();
    if (kept == null) {
      traffic = new Traffic(current, null);
    } else {
      Shadow shadow = shadow(kept.lane().version());
      shadow.share(kept.shadow().share());
      traffic =
          new Traffic(current, new Trial(Lane.of(kept.lane().version()), kept.canary(), shadow));
      kept.shadow().stop();
    }
    replaced.release();
  }

  /**
   * Opens a version and warms it up as the candidate: it reads nothing until {@link #canary} or
   * {@link #shadow} say how much. The figures of both begin anew.
   *
   * @throws io.shelfmark.inference.ModelException when it does not open or cannot read the warm-up:
   *     nothing has changed then
   * @throws IllegalStateException when there is a candidate already, or this recognizer is closed
   */
  public void tryOut(String version, Supplier<? extends PriceTagRecognizer> models) {
    change(
        () -> {
          if (traffic.trial() != null) {
            throw new IllegalStateException(
                "Cannot try out models %s: found candidate %s, expected none (promote it or roll it back)"
                    .formatted(version, traffic.trial().lane().version().name()));
          }
          ModelVersion current = traffic.current().version();
          requireOther(version, current);
          ModelVersion candidate = opened(version, models);
          traffic =
              new Traffic(Lane.of(current), new Trial(Lane.of(candidate), 0, shadow(candidate)));
        });
  }

  /**
   * Has the candidate answer this share of the photos, 0 to 100 percent in steps of 0.01. Which
   * ones is decided by their bytes ({@link ShelfPhoto#partition}): while the share grows, a photo
   * that the candidate answered once is always answered by it, on every machine.
   *
   * @throws IllegalStateException when there is no candidate, or this recognizer is closed
   */
  public void canary(double percent) {
    int parts = Traffic.parts("canary", percent);
    change(
        () -> {
          Trial trial = trial("set the share of");
          traffic = new Traffic(traffic.current(), new Trial(trial.lane(), parts, trial.shadow()));
        });
  }

  /**
   * Has the candidate read this share of the photos, 0 to 100 percent in steps of 0.01, after the
   * version in use has answered, and compares both. The answer does not wait for it; photos that
   * the canary answers are not among them.
   *
   * @throws IllegalStateException when there is no candidate, or this recognizer is closed
   */
  public void shadow(double percent) {
    int parts = Traffic.parts("shadow", percent);
    change(() -> trial("set the share of").shadow().share(parts));
  }

  /**
   * Puts the candidate in place of the version in use.
   *
   * @return the figures that it was tried with
   * @throws IllegalStateException when there is no candidate, or this recognizer is closed
   */
  public RolloutReport promote() {
    return end("promote", trial -> replaceBy(trial));
  }

  private void replaceBy(Trial trial) {
    ModelVersion replaced = traffic.current().version();
    traffic = new Traffic(Lane.of(trial.lane().version()), null);
    replaced.release();
  }

  /**
   * Ends the trial: the version in use reads all photos again, and the candidate is closed.
   *
   * @return the figures that it was tried with
   * @throws IllegalStateException when there is no candidate, or this recognizer is closed
   */
  public RolloutReport rollBack() {
    return end(
        "roll back",
        trial -> {
          traffic = new Traffic(Lane.of(traffic.current().version()), null);
          trial.lane().version().release();
        });
  }

  private RolloutReport end(String verb, Consumer<Trial> how) {
    changes.lock();
    try {
      requireOpen();
      Trial trial = trial(verb);
      RolloutReport report = report();
      how.accept(trial);
      trial.shadow().stop();
      return report;
    } finally {
      changes.unlock();
    }
  }

  /** What the version in use is called. */
  public String version() {
    return traffic.current().version().name();
  }

  /** What the candidate is called, if there is one. */
  public Optional<String> candidate() {
    return Optional.ofNullable(traffic.trial()).map(trial -> trial.lane().version().name());
  }

  /** The figures of now; any number of threads may ask, while photos are read. */
  public RolloutReport report() {
    Traffic now = traffic;
    Trial trial = now.trial();
    int used = closed ? 0 : trial == null ? 1 : 2;
    return new RolloutReport(
        now.current().figures(),
        Optional.ofNullable(trial)
            .map(
                each ->
                    new CandidateFigures(
                        Traffic.percent(each.canary()),
                        each.lane().figures(),
                        each.shadow().figures())),
        Math.max(0, versions.count() - used));
  }

  /** That of the version in use. */
  @Override
  public EngineInUse engine() {
    return traffic.current().version().recognizer().engine();
  }

  @Override
  public void close() {
    changes.lock();
    try {
      if (!closed) {
        closed = true;
        traffic.current().version().release();
        Trial trial = traffic.trial();
        if (trial != null) {
          trial.shadow().stop();
          trial.lane().version().release();
        }
        callbacks.close();
      }
    } finally {
      changes.unlock();
    }
    if (!callbacks.running()) {
      versions.awaitClosed();
    }
  }

  private void change(Runnable how) {
    changes.lock();
    try {
      requireOpen();
      how.run();
    } finally {
      changes.unlock();
    }
  }

  private ModelVersion opened(String version, Supplier<? extends PriceTagRecognizer> models) {
    requireName(version);
    ShelfPhoto last = lastRead;
    List<ShelfPhoto> warmUp =
        options.warmUp.isEmpty() && last != null ? List.of(last) : options.warmUp;
    return versions.open(version, models, warmUp, ", " + version() + " stays in use");
  }

  private Shadow shadow(ModelVersion candidate) {
    return new Shadow(candidate, options.shadowRoom, options.listener, options.clock);
  }

  private Trial trial(String verb) {
    Trial trial = traffic.trial();
    if (trial == null) {
      throw new IllegalStateException(
          "Cannot %s the candidate: found none, expected one (try one out first)".formatted(verb));
    }
    return trial;
  }

  private static void requireName(String version) {
    if (version.isBlank()) {
      throw new IllegalArgumentException(
          "Cannot name models: found a blank, expected a name such as v5");
    }
  }

  private static void requireOther(String version, ModelVersion taken) {
    if (version.equals(taken.name())) {
      throw new IllegalArgumentException(
          "Cannot use models %s: found the other version called so, expected a name of its own"
              .formatted(version));
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("Cannot read photos: the price tag recognizer is closed");
    }
  }
}
