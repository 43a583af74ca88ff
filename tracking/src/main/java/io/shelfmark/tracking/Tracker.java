package io.shelfmark.tracking;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.MetricPoint;
import io.shelfmark.pipeline.MetricSource;
import io.shelfmark.tracking.internal.outbox.Outbox;
import io.shelfmark.tracking.store.Curve;
import io.shelfmark.tracking.store.ExperimentRecord;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Lifecycle;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelStore;
import io.shelfmark.tracking.store.NewExperiment;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordExistsException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.TrackingStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts experiments and runs on record, and finds them again.
 *
 * <p>{@link #in(Workspace)} gives the workspace's own tracker, with a SQLite file in its home that
 * other machines do not see; {@link #builder(Workspace)} takes a PostgreSQL database or a server
 * instead. One for each application is enough; thread-safe. The workspace closes its own tracker;
 * who opened one from a builder closes it, before the workspace.
 *
 * <p>Logging does not wait: what a {@link Run} is told is durable after 200 ms (see {@link
 * TrackerBuilder#maxDelay}), after {@link #flush()} or after the run's {@code close()}, whichever
 * is first. When the database or server is away, it is kept in files in the workspace's home and
 * sent later, by the next process if need be. Reading methods ask the store: where it is a file in
 * the home they see all that was logged here before them, elsewhere what has arrived there, which
 * is everything after {@link #deliver}.
 */
public final class Tracker implements MetricSource, AutoCloseable {

  private final Workspace workspace;
  private final TrackingStore store;
  private final Outbox outbox;
  private final LiveRuns live;

  /** How long reading waits for what was logged before; not at all for a far store. */
  private final Duration settling;

  Tracker(
      Workspace workspace, TrackingStore store, Outbox outbox, LiveRuns live, Duration settling) {
    this.workspace = workspace;
    this.store = store;
    this.outbox = outbox;
    this.live = live;
    this.settling = settling;
  }

  /**
   * The workspace's own tracker, opened at the first call and closed with the workspace.
   *
   * @throws io.shelfmark.tracking.store.StoreUnavailableException when its file cannot be opened
   */
  public static Tracker in(Workspace workspace) {
    return workspace.companion(Tracker.class, () -> builder(workspace).open());
  }

  /** Options, each at its default. */
  public static TrackerBuilder builder(Workspace workspace) {
    return new TrackerBuilder(workspace);
  }

  /**
   * The experiment of a name, made if there is none.
   *
   * @throws InvalidRequestException when it was deleted, or the name is blank
   */
  public Experiment experiment(String name) {
    ExperimentRecord found = store.experiments().findByName(name).orElseGet(() -> makeOrFind(name));
    if (found.lifecycle() == Lifecycle.DELETED) {
      throw new InvalidRequestException(
          "Cannot use experiment %s: it was deleted (restore experiment %s, or choose another name)"
              .formatted(name, found.id()));
    }
    return new Experiment(this, found);
  }

  private ExperimentRecord makeOrFind(String name) {
    try {
      return store.experiments().create(NewExperiment.named(name));
    } catch (RecordExistsException e) {
      // another process made it meanwhile
      return store.experiments().findByName(name).orElseThrow(() -> e);
    }
  }

  /**
   * Goes on with a run, which is RUNNING again.
   *
   * @throws RecordNotFoundException when there is no such run
   * @throws InvalidRequestException when it was deleted
   */
  public Run resume(String runId) {
    RunRecord run = require(runId);
    if (run.info().lifecycle() == Lifecycle.DELETED) {
      throw new InvalidRequestException(
          "Cannot resume run %s: it was deleted (restore it first)".formatted(runId));
    }
    outbox.add(new RunWrite.Update(runId, RunUpdate.resumed()));
    return live.add(new Run(this, run));
  }

  /** The run of an id, deleted or not. */
  public Optional<RunRecord> find(String runId) {
    settle();
    return store.runs().find(runId);
  }

  /**
   * The run of an id, deleted or not.
   *
   * @throws RecordNotFoundException when there is none
   */
  public RunRecord require(String runId) {
    return find(runId)
        .orElseThrow(
            () ->
                new RecordNotFoundException(
                    "Cannot find run %s: expected the id of one on record in %s"
                        .formatted(runId, store.location())));
  }

  /** Looks for runs. */
  public Page<RunRecord> search(RunQuery query) {
    settle();
    return store.runs().search(query);
  }

  /**
   * The history of a metric as one draws it.
   *
   * @param points about how many to return at most, 2 or more
   */
  public Curve curve(String runId, String key, int points) {
    settle();
    return store.runs().curve(runId, key, points);
  }

  /**
   * The last point of a metric in each of an experiment's runs that have one, of the runs that
   * began last, the newest first: what triggers of pipelines look at.
   *
   * @param experiment the experiment's name; one that is not there has no runs
   */
  @Override
  public List<MetricPoint> latest(String experiment, String metric, int runs) {
    settle();
    return store
        .experiments()
        .findByName(experiment)
        .map(
            found ->
                store
                    .runs()
                    .search(
                        RunQuery.in(found.id()).where(Field.metric(metric).isThere()).limit(runs))
                    .items())
        .orElse(List.of())
        .stream()
        .map(run -> point(run.info().id(), run.metrics().get(metric)))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<MetricPoint> point(String run, @Nullable Metric last) {
    return Optional.ofNullable(last)
        .map(point -> new MetricPoint(run, point.value(), point.step(), point.time()));
  }

  /**
   * What runs have in common and where they differ.
   *
   * @throws RecordNotFoundException when one is not on record
   */
  public RunComparison compare(Collection<String> runIds) {
    return RunComparison.of(runIds.stream().map(this::require).toList());
  }

  /** What is in the spool is durable, and yet to come into the record. */
  private void settle() {
    if (!settling.isZero()) {
      outbox.deliver(settling);
    }
  }

  /** The registered models. */
  public ModelStore models() {
    return store.models();
  }

  /** The store behind it, for all that is not here. The tracker closes it. */
  public TrackingStore store() {
    return store;
  }

  /** The workspace that published versions go to. */
  public Workspace workspace() {
    return workspace;
  }

  /**
   * Waits until everything that was logged before is durable.
   *
   * @throws io.shelfmark.tracking.store.TrackingException when something that was logged was
   *     refused since the last call
   */
  public void flush() {
    live.flush();
  }

  /**
   * Waits until the store has everything that was logged before, here or by processes that died, so
   * that others see it.
   *
   * @return false when it has not within this time, and at once when the store is away
   */
  public boolean deliver(Duration timeout) {
    return outbox.deliver(timeout);
  }

  Outbox outbox() {
    return outbox;
  }

  LiveRuns live() {
    return live;
  }

  /**
   * Makes everything durable, gives the store a while to take it, and closes the store. Runs that
   * are open are not ended. What is refused now is told by the log alone.
   *
   * @throws io.shelfmark.tracking.store.StoreUnavailableException when something could not be made
   *     durable and is lost
   */
  @Override
  public void close() {
    live.close();
  }
}
