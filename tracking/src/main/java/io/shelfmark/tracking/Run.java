package io.shelfmark.tracking;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.tracking.internal.Names;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.ParamChangedException;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an experiment's question, while it is at work. Get one from {@link
 * Experiment#start}, or {@link Experiment#run} for a body that cannot leave it open; who began it
 * closes it.
 *
 * <p>Params, metrics and tags are taken at once and become durable a little later; see {@link
 * Tracker}. Files, models and published versions are stored when the method returns. Thread-safe:
 * points of one thread keep their order. After {@code close()} everything but {@code close()} is an
 * {@link IllegalStateException}. A run whose process dies becomes KILLED after a minute.
 *
 * <p>Keys have 1 to 250 letters, digits, underscores, dashes, periods, spaces, colons and slashes;
 * another one is an {@link io.shelfmark.tracking.store.InvalidRequestException}.
 */
public final class Run implements AutoCloseable {

  private final Tracker tracker;
  private final String id;
  private final String experimentId;

  /** What it is known to have been given; guards itself. */
  private final Map<String, String> params = new HashMap<>();

  /** Keys of metrics that were found to be keys. */
  private final Set<String> metricKeys = ConcurrentHashMap.newKeySet();

  private final RunOutputs outputs;
  private final AtomicBoolean ended = new AtomicBoolean();

  /** How often the machine was looked at for it, from which its metrics have their steps. */
  private final AtomicLong looks = new AtomicLong();

  Run(Tracker tracker, String experimentId, String id) {
    this.tracker = tracker;
    this.experimentId = experimentId;
    this.id = id;
    this.outputs = new RunOutputs(tracker, id);
  }

  Run(Tracker tracker, RunRecord resumed) {
    this(tracker, resumed.info().experimentId(), resumed.info().id());
    params.putAll(resumed.params());
  }

  /** 32 hexadecimal digits, by which it is found again. */
  public String id() {
    return id;
  }

  /** Its experiment's id. */
  public String experimentId() {
    return experimentId;
  }

  /**
   * Notes what it was given; the value is kept as its text.
   *
   * @throws ParamChangedException when the run has another value already
   */
  public Run param(String key, Object value) {
    return params(Map.of(key, value));
  }

  /**
   * Notes several params at once, all of them or none.
   *
   * @throws ParamChangedException when the run has another value already
   */
  public Run params(Map<String, ?> values) {
    requireOpen();
    Map<String, String> texts = new HashMap<>();
    values.forEach(
        (key, value) -> {
          String text = String.valueOf(value);
          Names.requireKey("param", key);
          Names.requireValue("param", key, text, Names.MAX_PARAM);
          texts.put(key, text);
        });
    synchronized (params) {
      texts.forEach(
          (key, text) -> {
            @Nullable String recorded = params.get(key);
            if (recorded != null && !recorded.equals(text)) {
              throw new ParamChangedException(id, key, recorded, text);
            }
          });
      params.putAll(texts);
    }
    tracker.outbox().add(new RunWrite.Log(id, RunLog.params(texts)));
    return this;
  }

  /** Notes a number that has no x axis: its step is 0. */
  public Run metric(String key, double value) {
    return metric(key, value, 0);
  }

  /**
   * Notes a number at the present time.
   *
   * @param step on the x axis, such as the epoch or the batch
   */
  public Run metric(String key, double value, long step) {
    requireOpen();
    if (!metricKeys.contains(key)) {
      Names.requireKey("metric", key);
      metricKeys.add(key);
    }
    tracker.outbox().metric(id, key, value, step, tracker.live().millis());
    return this;
  }

  /** Notes a number of another time. */
  public Run metric(String key, double value, long step, Instant time) {
    requireOpen();
    Names.requireKey("metric", key);
    tracker.outbox().metric(id, key, value, step, time.toEpochMilli());
    return this;
  }

  /** Notes several numbers of the same step at the present time, all of them or none. */
  public Run metrics(Map<String, ? extends Number> values, long step) {
    requireOpen();
    Instant time = Instant.ofEpochMilli(tracker.live().millis());
    List<Metric> points = new ArrayList<>();
    values.forEach(
        (key, value) -> {
          Names.requireKey("metric", key);
          points.add(new Metric(key, value.doubleValue(), step, time));
        });
    tracker.outbox().add(new RunWrite.Log(id, RunLog.metrics(points)));
    return this;
  }

  /** Sets a tag in place of what it was. */
  public Run tag(String key, String value) {
    return tags(Map.of(key, value));
  }

  /** Sets several tags at once. */
  public Run tags(Map<String, String> values) {
    requireOpen();
    Names.requireTags(values);
    tracker.outbox().add(new RunWrite.Log(id, RunLog.tags(values)));
    return this;
  }

  /** Writes what people should know of the run, as Markdown. */
  public Run note(String markdown) {
    return tag(NewRun.NOTE_TAG, markdown);
  }

  /** Notes that the run used a version of a dataset, for instance for {@code training}. */
  public Run dataset(DatasetVersion version, String context) {
    requireOpen();
    outputs.dataset(version, context);
    return this;
  }

  /** Stores a file, or all files of a folder, with the run. */
  public Run file(String path, Path fileOrFolder) {
    requireOpen();
    outputs.file(path, fileOrFolder);
    return this;
  }

  /** Stores a text as a file in UTF-8 with the run. */
  public Run text(String path, String text) {
    requireOpen();
    outputs.text(path, text);
    return this;
  }

  /** Stores a picture as PNG with the run. */
  public Run figure(String path, java.awt.image.BufferedImage picture) {
    requireOpen();
    outputs.figure(path, picture);
    return this;
  }

  /**
   * Stores a table as CSV in UTF-8 with the run.
   *
   * @param columns their names
   * @param rows each with a value for every column
   * @throws IllegalArgumentException when a row has more or fewer values
   */
  public Run table(String path, List<String> columns, List<? extends List<?>> rows) {
    requireOpen();
    outputs.table(path, columns, rows);
    return this;
  }

  /**
   * Publishes a file or the files of a folder as the next version of an artifact of the workspace,
   * made from the datasets that the run said it used.
   */
  public ArtifactVersion publish(String artifact, Path fileOrFolder) {
    requireOpen();
    return outputs.publish(artifact, fileOrFolder);
  }

  /**
   * Stores a file or the files of a folder with the run and registers them as the next version of a
   * model, which is made if there is none of that name.
   */
  public ModelVersionRecord registerModel(String model, Path fileOrFolder) {
    requireOpen();
    return outputs.registerModel(model, fileOrFolder);
  }

  /** Begins a run within this one, which the caller closes. */
  public Run nested(String name) {
    requireOpen();
    return tracker.live().start(tracker, experimentId, name, Map.of(NewRun.PARENT_TAG, id));
  }

  /** Runs a body as a run within this one; see {@link Experiment#run}. */
  public <T, X extends Exception> T nested(String name, RunBody.Giving<T, X> body) throws X {
    return Experiment.within(nested(name), body);
  }

  /** Waits until everything that was logged before is durable; see {@link Tracker#flush()}. */
  public void flush() {
    tracker.flush();
  }

  /**
   * Ends the run with another status than FINISHED; it is closed afterwards.
   *
   * @throws IllegalArgumentException when the status is not one that ends a run
   */
  public void end(RunStatus status) {
    if (!status.isTerminal()) {
      throw new IllegalArgumentException(
          "Cannot end run %s as %s: expected FINISHED, FAILED or KILLED".formatted(id, status));
    }
    if (ended.compareAndSet(false, true)) {
      tracker.outbox().add(new RunWrite.Update(id, RunUpdate.ended(status, tracker.live().now())));
      tracker.live().remove(this);
      tracker.flush();
    }
  }

  void end(RunStatus status, Throwable failure) {
    if (!ended.get()) {
      try {
        tag("shelfmark.failure", RunOutputs.describe(failure));
      } finally {
        end(status);
      }
    }
  }

  long nextLook() {
    return looks.getAndIncrement();
  }

  boolean hasEnded() {
    return ended.get();
  }

  private void requireOpen() {
    if (ended.get()) {
      throw new IllegalStateException("run " + id + " has ended");
    }
  }

  /** Ends the run as FINISHED unless it has ended, and waits until all of it is durable. */
  @Override
  public void close() {
    end(RunStatus.FINISHED);
  }

  @Override
  public String toString() {
    return "run " + Objects.requireNonNull(id);
  }
}
