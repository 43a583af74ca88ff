package io.shelfmark.tracking.store;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Copies whole experiments from one store into another, such as from an MLflow server into a
 * workspace or back: {@code ExperimentCopy.from(server).to(workspace).copy("tag-detector")}.
 *
 * <p>Of each active run it copies name, user, times, params, whole metric histories, tags, inputs,
 * files and status; the copy has the same id. By default models are left out. A copy that was cut
 * short goes on where it stopped when it is made again, and one made again of what is complete does
 * nothing: the tag {@code shelfmark.copiedFrom} of a copied run says where it is from, and {@code
 * shelfmark.copy} whether it is {@code complete}; a run that is still at work stays {@code partial}
 * and is brought up to date by the next copy. A run that is in the target without these tags is
 * left as it is. Files that are there with the same length are not sent again.
 *
 * <p>Not thread-safe. The stores stay the caller's.
 */
public final class ExperimentCopy {

  /** The tag that says where a copied run, logged model or version is from. */
  public static final String SOURCE_TAG = "shelfmark.copiedFrom";

  /** The tag that says how far the copy of a run is. */
  public static final String STATE_TAG = "shelfmark.copy";

  private final TrackingStore source;
  private final TrackingStore target;
  private Consumer<CopyProgress> listener = progress -> {};
  private boolean withModels;
  private boolean withFiles = true;

  private ExperimentCopy(TrackingStore source, TrackingStore target) {
    this.source = source;
    this.target = target;
  }

  /** Begins with the store that is read. */
  public static From from(TrackingStore source) {
    return new From(requireNonNull(source, "source"));
  }

  /** A copy whose target is to be named. */
  public static final class From {

    private final TrackingStore source;

    private From(TrackingStore source) {
      this.source = source;
    }

    /**
     * Names the store that is written.
     *
     * @throws InvalidRequestException when it is the same one
     */
    public ExperimentCopy to(TrackingStore target) {
      if (source == target || source.location().equals(target.location())) {
        throw new InvalidRequestException(
            "Cannot copy within %s: expected another store (runs keep their ids)"
                .formatted(source.location()));
      }
      return new ExperimentCopy(source, target);
    }
  }

  /**
   * Copies the logged models of the experiment, too, and the versions of registered models that its
   * runs made, with aliases and stages. A version gets the next number that the target has.
   */
  public ExperimentCopy withModels() {
    this.withModels = true;
    return this;
  }

  /** Leaves files where they are. */
  public ExperimentCopy withoutFiles() {
    this.withFiles = false;
    return this;
  }

  /** Tells of the progress after each run, on the copying thread. */
  public ExperimentCopy onProgress(Consumer<CopyProgress> value) {
    this.listener = requireNonNull(value, "value");
    return this;
  }

  /** Copies an experiment under its name. */
  public CopyReport copy(String experiment) {
    return copy(experiment, experiment);
  }

  /**
   * Copies an experiment into one of another name, which is made when it is missing.
   *
   * @throws RecordNotFoundException when the source has no such experiment
   * @throws InvalidRequestException when the target's was deleted
   * @throws StoreUnavailableException when a store is away: copying again goes on
   */
  public CopyReport copy(String experiment, String targetName) {
    ExperimentRecord from =
        source
            .experiments()
            .findByName(experiment)
            .orElseThrow(
                () ->
                    new RecordNotFoundException(
                        "Cannot copy experiment %s of %s: found none of that name, expected one"
                            .formatted(experiment, source.location())));
    ExperimentRecord to = target(from, targetName);
    CopyTally tally = new CopyTally(listener);
    FileCopy files = new FileCopy(source, target, tally, withFiles);
    ModelCopy models = new ModelCopy(source, target, files, tally);
    if (withModels) {
      models.loggedModels(from.id(), to.id());
    }
    RunCopy runs = new RunCopy(source, target, files, models, tally);
    runs.copyAll(from.id(), to.id());
    if (withModels) {
      models.versions(runs.seen());
    }
    return tally.report();
  }

  private ExperimentRecord target(ExperimentRecord from, String name) {
    ExperimentRecord to =
        target
            .experiments()
            .findByName(name)
            .orElseGet(() -> target.experiments().create(copyOf(from, name)));
    if (to.lifecycle() == Lifecycle.DELETED) {
      throw new InvalidRequestException(
          "Cannot copy into experiment %s of %s: it was deleted (restore it first)"
              .formatted(name, target.location()));
    }
    return to;
  }

  private static NewExperiment copyOf(ExperimentRecord from, String name) {
    return new NewExperiment(name, Optional.empty(), from.tags());
  }
}
