package io.shelfmark.inference.rollout;

import io.shelfmark.inference.EngineInUse;
import io.shelfmark.inference.PhotoOutcome;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

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

  private final Versions versions;
  private final LiveTraffic traffic;
  private final VersionReader reader;
  private final Rollout rollout;

  RollingRecognizer(
      RollingBuilder options, String version, Supplier<? extends PriceTagRecognizer> models) {
    RollingBuilder own = options.copy();
    WarmUp warmUp = new WarmUp(own.warmUp);
    versions = new Versions(warmUp);
    traffic = new LiveTraffic(versions, versions.open(version, models, ""));
    reader = new VersionReader(traffic, warmUp);
    rollout = new Rollout(own, versions, traffic);
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
    return reader.read(photo, how);
  }

  /**
   * Reads one photo on the calling thread and says which version did.
   *
   * @throws io.shelfmark.inference.UnreadablePhotoException as {@link #recognize}
   * @throws IllegalStateException when this recognizer is closed
   */
  public VersionedReading recognizeVersioned(ShelfPhoto photo) {
    Objects.requireNonNull(photo, "photo");
    return reader.readVersioned(photo, ReadOptions.interactive());
  }

  @Override
  public CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo, ReadOptions how) {
    Objects.requireNonNull(photo, "photo");
    Objects.requireNonNull(how, "how");
    return reader.handIn(photo, how);
  }

  @Override
  public List<PhotoOutcome> recognizeAll(Collection<ShelfPhoto> photos) {
    return reader.readAll(List.copyOf(photos));
  }

  /**
   * Opens a version, warms it up and puts it in place of the one in use. A candidate stays, and is
   * compared with the new one from then on: figures begin anew.
   *
   * @throws io.shelfmark.inference.ModelException when it does not open or cannot read the warm-up:
   *     nothing has changed then
   * @throws IllegalStateException when this recognizer is closed, or when {@code models} changes it
   */
  public void swap(String version, Supplier<? extends PriceTagRecognizer> models) {
    rollout.swap(version, models);
  }

  /**
   * Brings a version in place of the one in use if it is not that already: promotes the candidate
   * when it is the one.
   */
  void follow(String version, Supplier<? extends PriceTagRecognizer> models) {
    rollout.follow(version, models);
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
    rollout.tryOut(version, models);
  }

  /**
   * Has the candidate answer this share of the photos, 0 to 100 percent in steps of 0.01. Which
   * ones is decided by their bytes ({@link ShelfPhoto#partition}): while the share grows, a photo
   * that the candidate answered once is always answered by it, on every machine.
   *
   * @throws IllegalStateException when there is no candidate, or this recognizer is closed
   */
  public void canary(double percent) {
    rollout.canary(percent);
  }

  /**
   * Has the candidate read this share of the photos, 0 to 100 percent in steps of 0.01, after the
   * version in use has answered, and compares both. The answer does not wait for it; photos that
   * the canary answers are not among them.
   *
   * @throws IllegalStateException when there is no candidate, or this recognizer is closed
   */
  public void shadow(double percent) {
    rollout.shadow(percent);
  }

  /**
   * Puts the candidate in place of the version in use.
   *
   * @return the figures that it was tried with
   * @throws IllegalStateException when there is no candidate, or this recognizer is closed
   */
  public RolloutReport promote() {
    return rollout.promote();
  }

  /**
   * Ends the trial: the version in use reads all photos again, and the candidate is closed.
   *
   * @return the figures that it was tried with
   * @throws IllegalStateException when there is no candidate, or this recognizer is closed
   */
  public RolloutReport rollBack() {
    return rollout.rollBack();
  }

  boolean isClosed() {
    return traffic.isClosed();
  }

  /** What the version in use is called. */
  public String version() {
    return traffic.now().current().version().name();
  }

  /** What the candidate is called, if there is one. */
  public Optional<String> candidate() {
    return Optional.ofNullable(traffic.now().trial()).map(trial -> trial.lane().version().name());
  }

  /** The figures of now; any number of threads may ask, while photos are read. */
  public RolloutReport report() {
    return rollout.report();
  }

  /** That of the version in use. */
  @Override
  public EngineInUse engine() {
    return traffic.now().current().version().recognizer().engine();
  }

  @Override
  public void close() {
    rollout.close();
    reader.close();
    if (!reader.isInCallback()) {
      versions.awaitClosed();
    }
  }
}
