package io.shelfmark.pipeline;

import io.shelfmark.artifact.VersionNotFoundException;
import io.shelfmark.pipeline.Values.UnkeptException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt at a task, on the thread that does it. */
final class TaskRun {

  private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);

  private final Engine engine;
  private final Execution<?> execution;
  private final Task task;
  private final Slots.Slot slot;
  private final boolean anew;
  private final int number;
  private final Optional<StepResults.Key> key;

  TaskRun(Engine engine, Execution<?> execution, Task task, Slots.Slot slot, boolean anew) {
    this.engine = engine;
    this.execution = execution;
    this.task = task;
    this.slot = slot;
    this.anew = anew;
    this.number = execution.ledger().attempts(task.id()) + 1;
    this.key = StepResults.Key.of(task.node(), task.digests());
  }

  void perform() {
    try {
      prepare().ifPresent(this::attempt);
    } finally {
      slot.release();
    }
  }

  /** An attempt, unless there is a result already, or something is missing for it. */
  private Optional<AttemptContext> prepare() {
    try {
      if (!anew && key.isPresent() && useCached(key.get())) {
        return Optional.empty();
      }
      return Optional.of(
          new AttemptContext(
              engine,
              execution.id(),
              task.id(),
              number,
              task.node().spec().secrets(),
              task.versions()));
    } catch (RuntimeException e) {
      // the store is away when the cache is asked, or a secret is not there
      failedBefore(e);
      return Optional.empty();
    }
  }

  private void failedBefore(RuntimeException failure) {
    started();
    failed(failure, failure.getClass().getSimpleName() + ": " + failure.getMessage());
  }

  private boolean useCached(StepResults.Key sought) {
    Optional<Cached> found =
        Cached.find(engine, task.node(), sought).filter(cached -> keepCached(sought, cached));
    found.ifPresent(
        cached ->
            execution.ended(
                task,
                StepState.CACHED,
                Optional.of(cached.result()),
                cached.value(),
                Optional.empty()));
    return found.isPresent();
  }

  /** Keeps a cached result's versions for this run; false when they are gone. */
  private boolean keepCached(StepResults.Key sought, Cached cached) {
    if (!cached.result().versions().isEmpty()) {
      try {
        engine.results().keep(execution.id(), task.id(), cached.result().versions());
      } catch (VersionNotFoundException e) {
        LOG.warn("A result of step {} has lost its versions; it is made anew", task.id(), e);
        engine.results().find(sought).ifPresent(entry -> engine.results().remove(sought, entry));
        return false;
      }
    }
    return true;
  }

  private void started() {
    engine.happened(
        new RunEvent.AttemptStarted(execution.id(), engine.now(), task.id(), number),
        Journal.Wait.FOR_NOTHING,
        execution.ledger()::add);
  }

  private void attempt(AttemptContext context) {
    context.onAbandon(slot::release);
    try {
      if (!execution.enter(context)) {
        return;
      }
      started();
      task.node()
          .spec()
          .timeout()
          .ifPresent(limit -> context.timer(engine.after(limit, () -> timedOut(context, limit))));
      call(context);
    } finally {
      execution.leave(context);
      context.leave();
    }
  }

  private void call(AttemptContext context) {
    try {
      Object value = task.body().run(context, task.values());
      slot.codeReturned();
      if (context.settle()) {
        boolean interrupted = Thread.interrupted();
        if (interrupted) {
          LOG.debug("The code of step {} left its thread interrupted", task.id());
        }
        commit(context, value);
      }
    } catch (Throwable e) {
      slot.codeReturned();
      if (context.settle()) {
        failed(context, e);
      }
    }
  }

  private void commit(AttemptContext context, @Nullable Object value) {
    try {
      StepResult result = engine.values().write(task.node().bodyType(), value);
      if (context.stepLog().showsSecret(result.json())) {
        throw new UnkeptException("its result holds a secret's value", null);
      }
      if (!result.versions().isEmpty()) {
        engine.results().keep(execution.id(), task.id(), result.versions());
      }
      Object given = value;
      if (key.isPresent()) {
        if (anew) {
          engine
              .results()
              .find(key.get())
              .ifPresent(old -> engine.results().remove(key.get(), old));
        }
        StepResult winner = engine.results().keep(key.get(), result, execution.id());
        if (!winner.equals(result)) {
          // another run was faster: both go on with one result
          given = engine.values().read(task.node().bodyType(), winner.json());
          result = winner;
        }
      }
      context.tidyUp();
      execution.ended(task, StepState.SUCCEEDED, Optional.of(result), given, Optional.empty());
    } catch (Throwable e) {
      failed(context, e);
    }
  }

  private void failed(AttemptContext context, Throwable failure) {
    String message = context.describe(failure);
    context.tidyUp();
    failed(failure, message);
  }

  private void timedOut(AttemptContext context, Duration limit) {
    if (context.abandon()) {
      TimeoutException failure = new TimeoutException("found it running after " + limit);
      failed(context, failure);
    }
  }

  private void failed(Throwable failure, String message) {
    RetryPolicy policy = task.node().spec().retry();
    int failures = execution.ledger().failures(task.id()) + 1;
    boolean again = failures < policy.attempts() && policy.covers(failure);
    Optional<Duration> wait =
        again
            ? Optional.of(policy.waitAfter(failures, ThreadLocalRandom.current().nextDouble()))
            : Optional.empty();
    engine.happened(
        new RunEvent.AttemptFailed(execution.id(), engine.now(), task.id(), number, message, wait),
        Journal.Wait.FOR_NOTHING,
        event -> {
          execution.ledger().add(event);
          wait.ifPresent(time -> execution.retry(task, time));
        });
    if (!again) {
      execution.ended(task, StepState.FAILED, Optional.empty(), null, Optional.of(message));
    }
  }
}
