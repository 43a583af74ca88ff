package io.shelfmark.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.StepContext;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.storage.Digest;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts runs of pipelines on record as tracking runs: one for the run of the pipeline, in an
 * experiment named after the pipeline, and within it one for each step.
 *
 * <pre>{@code
 * PipelineTracking tracking = PipelineTracking.of(Tracker.in(workspace));
 * try (LocalRunner runner = LocalRunner.in(workspace).listener(tracking).open()) {
 *   runner.register(nightly);
 *   tracking.catchUp(runner, nightly.name()); // what an earlier process did not get to tell
 *   runner.resume();
 * }
 * }</pre>
 *
 * <p>All runs have the pipeline's parameters as params. A step's has {@code step/seconds} and
 * {@code step/attempts}, the numbers in its result as metrics, the versions in it as the tag {@code
 * shelfmark.outputs}, and what its code logs by {@link #runOf}. The elements of a fan-out are
 * points of its step's {@code element/seconds}, and have no runs unless {@link #withElements} is
 * asked for.
 *
 * <p>Ids of tracking runs are made from those of the pipeline's runs: told again, nothing is
 * doubled. So runners that share a tracker must not give one id to two runs, which matters only for
 * ids that a host chooses.
 *
 * <p>Thread-safe; nothing to close. The tracker is closed after the runner.
 */
public final class PipelineTracking implements RunEvent.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(PipelineTracking.class);

  /** How long a step waits for its run's beginning to be heard. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  /** How long, and how often, the beginning of another process's run is waited for. */
  private static final Duration RETRY = Duration.ofMillis(500);

  private static final int TRIES = 20;

  /** How often a store that is away is asked again. */
  private static final Duration AWAY = Duration.ofSeconds(2);

  private static final int MOST_WAITING = 100_000;

  /** How often runs are looked at whose end another process may have told. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Tracker tracker;
  private final boolean withElements;

  /** Runs that go on; guarded by this. */
  private final Map<RunId, TrackedRun> runs = new HashMap<>();

  /** Beginnings that could not be told, as the store was away; guarded by this. */
  private final Map<RunId, RunEvent.RunStarted> untold = new HashMap<>();

  /**
   * Events of runs that are not on record yet, or of which the store could not be asked; guarded by
   * this.
   */
  private final Map<RunId, List<RunEvent>> waiting = new HashMap<>();

  private Instant looked = Instant.MIN;

  private PipelineTracking(Tracker tracker, boolean withElements) {
    this.tracker = Objects.requireNonNull(tracker, "tracker");
    this.withElements = withElements;
  }

  /** A listener that writes to a tracker, for the builder of a runner. */
  public static PipelineTracking of(Tracker tracker) {
    return new PipelineTracking(tracker, false);
  }

  /** The same, with a run for each element of a fan-out, too. */
  public PipelineTracking withElements() {
    return new PipelineTracking(tracker, true);
  }

  /** The id of the tracking run of a pipeline's run. */
  public static String runId(RunId run) {
    return id("run " + run);
  }

  /** The id of the tracking run of a step. */
  public static String runId(RunId run, String step) {
    return id("run " + run + " step " + step);
  }

  private static String id(String name) {
    return Digest.of(("shelfmark pipeline " + name).getBytes(UTF_8)).hex().substring(0, 32);
  }

  /**
   * The tracking run of the step whose code is at work, for metrics, params, tags and files of its
   * own; that of the whole fan-out for an element, unless elements have theirs. It is ended with
   * the step: the code does not close it.
   *
   * @throws IllegalStateException when this is no listener of the runner that called the code
   * @throws io.shelfmark.tracking.store.StoreUnavailableException when the tracker's store has been
   *     away since the run began
   */
  public Run runOf(StepContext context) {
    long end = System.nanoTime() + PATIENCE;
    synchronized (this) {
      Optional<TrackedRun> run = known(context.run());
      while (run.isEmpty() && System.nanoTime() < end) {
        try {
          TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, end - System.nanoTime()));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
        run = known(context.run());
      }
      return run.orElseThrow(
              () ->
                  new IllegalStateException(
                      "Cannot log to the run of step %s: found nothing told of run %s, expected its beginning (give this to the runner's builder as a listener)"
                          .formatted(context.step(), context.run())))
          .of(context.step(), tracker.live().now());
    }
  }

  @Override
  public synchronized void happened(RunEvent event) {
    if (event instanceof RunEvent.RunStarted start) {
      untold.put(start.run(), start);
    }
    leaveEnded();
    List<RunEvent> before = waiting.get(event.run());
    if (before != null) {
      before.add(event); // in order
      return;
    }
    List<RunEvent> events = new ArrayList<>(List.of(event));
    try {
      if (!tell(event.run(), events)) {
        putOff(event.run(), events, RETRY, TRIES);
      }
    } catch (StoreUnavailableException e) {
      LOG.debug("The tracker's store is away", e);
      putOff(event.run(), events, AWAY, TRIES);
    } finally {
      forgetIfOver(event.run(), events);
    }
  }

  /** Gives false when the run is not on record. Events may be told twice. */
  private boolean tell(RunId id, List<RunEvent> events) {
    Optional<TrackedRun> run = known(id);
    if (run.isPresent()) {
      events.forEach(event -> add(run.get(), event));
      return true;
    }
    if (isTold(id)) {
      addLate(events);
      return true;
    }
    return false;
  }

  private void putOff(RunId id, List<RunEvent> events, Duration wait, int tries) {
    waiting.put(id, events);
    tracker.live().later(wait, () -> retry(id, tries));
  }

  private void forgetIfOver(RunId id, List<RunEvent> events) {
    if (!waiting.containsKey(id) && events.stream().anyMatch(RunEvent.RunEnded.class::isInstance)) {
      untold.remove(id);
    }
  }

  private void add(TrackedRun run, RunEvent event) {
    run.add(event);
    if (event instanceof RunEvent.RunEnded) {
      runs.remove(event.run());
    }
  }

  /** Another process began the run and what it told is on its way, or the store was away. */
  private synchronized void retry(RunId id, int tries) {
    List<RunEvent> events = waiting.remove(id);
    if (events == null) {
      return;
    }
    boolean hasRoom = events.size() < MOST_WAITING;
    String why =
        "it is not on record in the tracker (processes that do runs together need one database)";
    try {
      if (tell(id, events)) {
        return;
      }
      if (tries > 1 && hasRoom) {
        putOff(id, events, RETRY, tries - 1);
        return;
      }
    } catch (StoreUnavailableException e) {
      if (hasRoom) {
        putOff(id, events, AWAY, tries); // however long it takes
        return;
      }
      why = "the store is away: " + e.getMessage();
    } finally {
      forgetIfOver(id, events);
    }
    LOG.warn("{} events of run {} are not told: {}", events.size(), id, why);
  }

  /** What this process did in a run whose end another one told before. */
  private void addLate(List<RunEvent> events) {
    tracker
        .find(runId(events.get(0).run()))
        .ifPresent(
            found -> {
              TrackedRun run = of(events.get(0).run(), found);
              try {
                events.stream().filter(run::isNews).forEach(run::add);
              } finally {
                run.leave();
              }
            });
  }

  /** Runs whose end another process told. */
  private void leaveEnded() {
    Instant now = tracker.live().now();
    if (now.isBefore(looked.plus(LOOK))) {
      return;
    }
    looked = now;
    try {
      for (Map.Entry<RunId, TrackedRun> run : List.copyOf(runs.entrySet())) {
        if (isTold(run.getKey())) {
          run.getValue().leave();
          runs.remove(run.getKey());
        }
      }
    } catch (StoreUnavailableException e) {
      LOG.debug("Runs that others ended are looked for again later", e);
    }
  }

  /** One that goes on, or that another process began and that is on record. */
  private Optional<TrackedRun> known(RunId id) {
    TrackedRun known = runs.get(id);
    if (known == null) {
      RunEvent.RunStarted start = untold.get(id);
      known = start == null ? onRecord(id) : begin(start);
      if (known != null) {
        untold.remove(id);
        runs.put(id, known);
        notifyAll();
      }
    }
    return Optional.ofNullable(known);
  }

  private TrackedRun begin(RunEvent.RunStarted start) {
    TrackedRun run =
        new TrackedRun(
            tracker,
            tracker.experiment(start.pipeline()).id(),
            start.run(),
            start.at(),
            TrackedRun.params(start.parameters()),
            withElements);
    run.begin(start);
    return run;
  }

  private @Nullable TrackedRun onRecord(RunId id) {
    return tracker
        .find(runId(id))
        .filter(found -> !found.tags().containsKey(TrackedRun.STATE_TAG))
        .map(
            found -> {
              TrackedRun run = of(id, found);
              run.resume();
              return run;
            })
        .orElse(null);
  }

  private TrackedRun of(RunId id, io.shelfmark.tracking.store.RunRecord found) {
    return new TrackedRun(
        tracker,
        found.info().experimentId(),
        id,
        found.info().startTime(),
        found.params(),
        withElements);
  }

  /**
   * Tells what is on a runner's record and was not told, as when a process was killed in between.
   * Runs that go on here are left alone, so this is called before {@link PipelineRunner#resume()}.
   *
   * @return how many runs something was missing of
   */
  public synchronized int catchUp(PipelineRunner runner, String pipeline) {
    int told = 0;
    for (RunRecord record : runner.runs(pipeline)) {
      if (!runs.containsKey(record.id()) && !isTold(record.id())) {
        replay(record);
        told++;
      }
    }
    return told;
  }

  /** Whether its end is on record. */
  private boolean isTold(RunId run) {
    return tracker
        .find(runId(run))
        .filter(found -> found.tags().containsKey(TrackedRun.STATE_TAG))
        .isPresent();
  }

  private void replay(RunRecord record) {
    RunId id = record.id();
    happened(
        new RunEvent.RunStarted(
            id,
            record.startedAt(),
            record.pipeline(),
            record.graph(),
            record.parameters(),
            Optional.empty(),
            Optional.empty()));
    Map<String, Instant> fanOuts = new HashMap<>();
    for (StepRecord step : record.steps()) {
      Instant least = fanOuts.getOrDefault(step.name(), record.startedAt());
      Instant end = replay(id, step, least);
      StepRecord.fanOutOf(step.name())
          .ifPresent(name -> fanOuts.merge(name, end, (a, b) -> a.isAfter(b) ? a : b));
    }
    record
        .endedAt()
        .ifPresent(
            end -> happened(new RunEvent.RunEnded(id, end, record.state(), record.failure())));
  }

  /**
   * Gives when it ended: a fan-out, which is on record after its elements, with the last of them.
   */
  private Instant replay(RunId run, StepRecord step, Instant least) {
    Instant last = least;
    for (StepRecord.Attempt attempt : step.attempts()) {
      happened(
          new RunEvent.AttemptStarted(run, attempt.startedAt(), step.name(), attempt.number()));
      last = attempt.endedAt().orElse(attempt.startedAt());
      if (attempt.failure().isPresent() && attempt.endedAt().isPresent()) {
        happened(
            new RunEvent.AttemptFailed(
                run,
                last,
                step.name(),
                attempt.number(),
                attempt.failure().get(),
                Optional.empty()));
      }
    }
    boolean settled =
        switch (step.state()) {
          case WAITING, RUNNING, CANCELLED -> false; // the run's end says so of the last
          default -> true;
        };
    if (settled) {
      happened(
          new RunEvent.StepEnded(
              run, last, step.name(), step.state(), step.result(), step.failure()));
    }
    return last;
  }
}
