package io.shelfmark.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.StepContext;
import io.shelfmark.storage.Digest;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

  private final Tracker tracker;

  /** Those that go on; guarded by this, and so is what waits. */
  private final TrackedRuns runs;

  /** Events of runs that are not on record yet, or of which the store could not be asked. */
  private final Map<RunId, List<RunEvent>> waiting = new HashMap<>();

  private PipelineTracking(Tracker tracker, boolean withElements) {
    this.tracker = Objects.requireNonNull(tracker, "tracker");
    this.runs = new TrackedRuns(tracker, withElements);
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
      runs.begins(start);
    }
    runs.leaveEnded();
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
      events.forEach(event -> runs.add(run.get(), event));
      return true;
    }
    if (runs.isTold(id)) {
      runs.addLate(id, events);
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
      runs.isOver(id);
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

  /** One that goes on, or that another process began and that is on record; who waits is told. */
  private Optional<TrackedRun> known(RunId id) {
    boolean isNew = !runs.isOpen(id);
    Optional<TrackedRun> run = runs.find(id);
    if (isNew && run.isPresent()) {
      notifyAll();
    }
    return run;
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
      if (!runs.isOpen(record.id()) && !runs.isTold(record.id())) {
        RecordedEvents.tell(record, this::happened);
        told++;
      }
    }
    return told;
  }
}
