package io.shelfmark.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run that goes on in this process: its beginning, its end, and what it puts on record in
 * between. Steps begin once those that they take from are on record; {@link Progress} has which.
 * Thread-safe: it guards itself and its progress; what it appends to the journal calls back later.
 */
final class Execution<T> implements PipelineRun<T> {

  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  private final Engine engine;
  private final Ledger ledger;
  private final BiConsumer<Execution<?>, Runnable> onEnd;
  private final Outcome outcome = new Outcome();

  // guarded by this
  private final Progress progress;
  private final Set<AttemptContext> attempts = new HashSet<>();
  private Optional<Future<?>> deadline = Optional.empty();
  private boolean begun;
  private boolean stopped;
  private Optional<RunEvent.RunEnded> stoppedEarly = Optional.empty();

  /**
   * A run that is yet to begin.
   *
   * @param ledger what is on record of it, at least its start
   * @param earlier the run that it repeats, if it is still on record
   * @param onEnd is told of its end, and tells those who wait for it by what it is given
   */
  Execution(
      Engine engine,
      Pipeline<T> pipeline,
      Ledger ledger,
      Optional<RunRecord> earlier,
      BiConsumer<Execution<?>, Runnable> onEnd) {
    this.engine = engine;
    this.ledger = ledger;
    this.onEnd = onEnd;
    this.progress = new Progress(engine, this, pipeline, ledger, earlier);
  }

  /** Begins, or goes on from what is on record. */
  void begin() {
    synchronized (this) {
      begun = true;
      stoppedEarly.ifPresent(end -> end(end.state(), end.failure()));
    }
    outcome.begun();
    ledger.start().deadline().ifPresent(this::endBy);
    proceed(progress::begin);
  }

  private void endBy(Instant time) {
    Duration left = Duration.between(engine.bench().now(), time);
    Optional<Future<?>> timer =
        engine
            .bench()
            .after(
                left.isNegative() ? Duration.ZERO : left,
                () -> stop(RunState.FAILED, "its deadline " + time + " has passed"));
    synchronized (this) {
      deadline = timer;
    }
  }

  /** Waits until the run is on record. */
  void awaitBegin() {
    outcome.awaitBegin();
  }

  /** Takes a step on; a run that cannot go on ends, rather than hang. */
  private synchronized void proceed(Runnable what) {
    if (stopped) {
      return;
    }
    try {
      what.run();
      if (progress.advance() && !stopped) {
        boolean whole = progress.isWhole();
        end(
            whole ? RunState.SUCCEEDED : RunState.FAILED,
            whole ? Optional.empty() : Optional.of("a step has no result"));
      }
    } catch (RuntimeException | Error e) {
      // an error of a host's type, such as a class that is not there, is of this run alone
      stop(RunState.FAILED, "it cannot go on: " + AttemptContext.line(e));
      LOG.warn("Run {} cannot go on", id(), e);
    }
  }

  /** Submits a task once more, after a wait. */
  void retry(Task task, Duration wait) {
    engine
        .bench()
        .after(
            wait,
            () -> {
              synchronized (this) {
                if (!stopped) {
                  progress.submit(task);
                }
              }
            });
  }

  /** Enters an attempt, which is interrupted when the run stops; false when it has stopped. */
  synchronized boolean enter(AttemptContext attempt) {
    if (!stopped) {
      attempts.add(attempt);
    }
    return !stopped;
  }

  synchronized void leave(AttemptContext attempt) {
    attempts.remove(attempt);
  }

  Ledger ledger() {
    return ledger;
  }

  /** Puts on record how a task ended; the value is at hand where its code has just given it. */
  void ended(Task task, Fate.Ended end, @Nullable Object value) {
    if (isStopped()) {
      overtaken(task.id(), end);
      return;
    }
    engine.happenedHere(
        endOf(task.id(), end),
        Journal.Wait.FOR_DISK,
        event ->
            recorded(
                event,
                end,
                () ->
                    progress.settle(
                        task, new Settled(end.state(), end.result(), wrap(task, value)))));
  }

  private static @Nullable Object wrap(Task task, @Nullable Object value) {
    return value != null && task.node().spec().condition().isPresent() ? Optional.of(value) : value;
  }

  /** Puts on record how a step ended that had no code to call, then goes on. */
  void record(String step, Fate.Ended end, Runnable then) {
    if (isStopped()) {
      overtaken(step, end);
      return;
    }
    engine.happened(endOf(step, end), Journal.Wait.FOR_DISK, event -> recorded(event, end, then));
  }

  private RunEvent.StepEnded endOf(String step, Fate.Ended end) {
    return new RunEvent.StepEnded(
        id(), engine.bench().now(), step, end.state(), end.result(), end.failure());
  }

  private void recorded(RunEvent.StepEnded event, Fate.Ended end, Runnable then) {
    if (ledger.add(event)) {
      proceed(then);
    } else {
      overtaken(event.step(), end);
    }
  }

  synchronized boolean isStopped() {
    return stopped;
  }

  /** The run has ended, and released what it kept, while a step was kept: that is not needed. */
  private void overtaken(String step, Fate.Ended end) {
    if (end.result().filter(result -> !result.versions().isEmpty()).isPresent()) {
      int last = ledger.attempts(step) + 1; // a cached result has no attempt
      engine.tidying().later(() -> engine.bench().release(id(), step, last));
    }
  }

  /** Ends the run before its time, once its start is on record. */
  synchronized void stop(RunState state, String reason) {
    if (!begun) {
      stoppedEarly =
          Optional.of(
              new RunEvent.RunEnded(id(), engine.bench().now(), state, Optional.of(reason)));
    } else if (!stopped) {
      end(state, Optional.of(reason));
      interrupt();
    }
  }

  private void interrupt() {
    List.copyOf(attempts).forEach(AttemptContext::abandon);
  }

  private void end(RunState state, Optional<String> failure) {
    if (stopped) {
      return;
    }
    stopped = true;
    deadline.ifPresent(timer -> timer.cancel(false));
    engine.happened(
        new RunEvent.RunEnded(id(), engine.bench().now(), state, failure),
        Journal.Wait.FOR_DISK,
        event -> {
          ledger.add(event);
          onEnd.accept(this, () -> outcome.ended(valueOf(state)));
        });
  }

  private synchronized Optional<Object> valueOf(RunState state) {
    return state == RunState.SUCCEEDED ? progress.result() : Optional.empty();
  }

  /** The runner goes; the run stays as it is on record. */
  void suspend(RuntimeException reason) {
    synchronized (this) {
      stopped = true;
      interrupt();
    }
    outcome.suspended(reason);
  }

  @Override
  public RunId id() {
    return ledger.start().run();
  }

  @Override
  public RunRecord record() {
    return ledger.record();
  }

  @Override
  @SuppressWarnings("unchecked") // the value of the step whose type is T
  public T result() {
    return (T) outcome.await().orElseThrow(() -> new RunFailedException(record()));
  }

  @Override
  public boolean await(Duration limit) {
    return outcome.await(limit) || ledger.hasEnded();
  }
}
