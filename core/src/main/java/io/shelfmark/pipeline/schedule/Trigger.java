package io.shelfmark.pipeline.schedule;

import io.shelfmark.artifact.VersionRef.Kind;
import io.shelfmark.pipeline.MetricSource;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.storage.BlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * At which events a pipeline runs. Give one to {@link Scheduler#trigger}. What was there when the
 * trigger was first watched, by any process, does not fire; what happens while nobody watches fires
 * later. Without more said each event has a run of its own, an event waits while the run of an
 * earlier one goes on, of several that wait the last one is taken, and it is looked for every 10 s.
 * Immutable and thread-safe.
 *
 * <pre>{@code
 * Trigger.newDatasetVersion("shelf-photos").set(photos, "version").debounce(Duration.ofMinutes(10))
 * }</pre>
 */
public final class Trigger {

  /** What sources of events look into. */
  record Places(BlobStore store, PipelineRunner runner) {}

  private final String text;
  private final Function<Places, EventSource> source;
  private final Map<String, String> parameters;
  private final Overlap overlap;
  private final Duration debounce;
  private final Duration interval;

  private Trigger(
      String text,
      Function<Places, EventSource> source,
      Map<String, String> parameters,
      Overlap overlap,
      Duration debounce,
      Duration interval) {
    this.text = text;
    this.source = source;
    this.parameters = parameters;
    this.overlap = overlap;
    this.debounce = debounce;
    this.interval = interval;
  }

  static Trigger of(String text, Function<Places, EventSource> source) {
    return new Trigger(
        text, source, Map.of(), Overlap.QUEUE_ONE, Duration.ZERO, Duration.ofSeconds(10));
  }

  /**
   * A metric of the runs of an experiment. The event says {@code experiment}, {@code metric},
   * {@code run}, {@code value} and {@code step}.
   *
   * @param source where metrics are on record, such as a tracker
   */
  public static MetricCondition metric(MetricSource source, String experiment, String metric) {
    return new MetricCondition(source, experiment, metric);
  }

  /**
   * Each new version of an artifact. The event says {@code version} ({@code artifact:name@3}),
   * {@code name} and {@code number}.
   */
  public static Trigger newArtifactVersion(String name) {
    return newVersion(Kind.ARTIFACT, name);
  }

  /** Each new version of a dataset; the event says what an artifact's does. */
  public static Trigger newDatasetVersion(String name) {
    return newVersion(Kind.DATASET, name);
  }

  private static Trigger newVersion(Kind kind, String name) {
    return of(
        "new version of %s %s".formatted(kind.name(), name),
        places -> new VersionSource(places.store(), kind, name));
  }

  /**
   * Each move of an artifact's alias to a version; of several between two looks the last one. The
   * event says {@code version}, {@code name}, {@code number}, {@code alias}, {@code reason} and,
   * unless it is new, {@code from}.
   */
  public static Trigger artifactAlias(String name, String alias) {
    return alias(Kind.ARTIFACT, name, alias);
  }

  /** Each move of a dataset's alias; as an artifact's. */
  public static Trigger datasetAlias(String name, String alias) {
    return alias(Kind.DATASET, name, alias);
  }

  private static Trigger alias(Kind kind, String name, String alias) {
    return of(
        "alias %s of %s %s".formatted(alias, kind.name(), name),
        places -> new AliasSource(places.store(), kind, name, alias));
  }

  /**
   * Each end of a run of another pipeline that the same runner does, in one of these states; in any
   * without one. The event says {@code run}, {@code pipeline} and {@code state}. Of more than 50
   * ends between two looks the last 50 count.
   */
  public static Trigger endOf(String pipeline, RunState... ends) {
    Set<RunState> wanted = EnumSet.noneOf(RunState.class);
    wanted.addAll(List.of(ends));
    if (wanted.isEmpty()) {
      wanted.addAll(EnumSet.complementOf(EnumSet.of(RunState.RUNNING)));
    }
    Set<RunState> ended = Set.copyOf(wanted);
    return of(
        "end of %s in %s".formatted(pipeline, wanted),
        places -> new RunEndSource(places.runner(), pipeline, ended));
  }

  /** Nothing but calls of {@link Watch#fire}: for a web hook or a queue of the host's. */
  public static Trigger calls() {
    return of("calls", places -> new None());
  }

  private record None() implements EventSource {
    @Override
    public String baseline() {
      return "";
    }

    @Override
    public List<Event> poll(Past past, Instant now) {
      return List.of();
    }
  }

  /**
   * With a parameter of each run set to a value of the event, by the value's name. An event that
   * does not say it has no run.
   */
  public Trigger set(String parameter, String eventValue) {
    Map<String, String> more = new HashMap<>(parameters);
    more.put(parameter, Objects.requireNonNull(eventValue, "eventValue"));
    return new Trigger(text, source, Map.copyOf(more), overlap, debounce, interval);
  }

  /** The same for a parameter at hand. */
  public Trigger set(Parameter<?> parameter, String eventValue) {
    return set(parameter.name(), eventValue);
  }

  /** With what becomes of an event while the run of an earlier one goes on. */
  public Trigger overlap(Overlap value) {
    return new Trigger(
        text, source, parameters, Objects.requireNonNull(value, "value"), debounce, interval);
  }

  /**
   * With one run for all events of so long a time, counted from the first of them. Of values that
   * several say the last one counts.
   *
   * @throws IllegalArgumentException when it is below 0
   */
  public Trigger debounce(Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(
          "Cannot gather events for %s: expected 0 or more".formatted(value));
    }
    return new Trigger(text, source, parameters, overlap, value, interval);
  }

  /**
   * With a look for events every so often.
   *
   * @throws IllegalArgumentException when it is below a second
   */
  public Trigger lookEvery(Duration value) {
    if (value.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "Cannot look every %s: expected a second or more".formatted(value));
    }
    return new Trigger(text, source, parameters, overlap, debounce, value);
  }

  Function<Places, EventSource> source() {
    return source;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  Overlap overlap() {
    return overlap;
  }

  Duration debounce() {
    return debounce;
  }

  Duration interval() {
    return interval;
  }

  /** What it is, in words. */
  @Override
  public String toString() {
    return text;
  }
}
