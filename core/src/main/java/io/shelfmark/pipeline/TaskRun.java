package io.shelfmark.pipeline;

import io.shelfmark.artifact.VersionNotFoundException;
import io.shelfmark.pipeline.StepResults.Key;
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

  TaskRun(Engine engine, Execution<?> execution, Task task, Slots.Slot slot, boolean anew) {
    this.engine = engine;
    this.execution = execution;
    this.task = task;
    this.slot = slot;
    this.anew = anew;
    this.number = execution.ledger().attempts(task.id()) + 1;
  }

  void perform() {
    try {
      Optional<Key> key = Key.of(task.node(), task.digests());
      if (anew || key.isEmpty() || !useCached(key.get())) {
        attempt(key);
      }
    } catch (Throwable e) {
      // such as a store that is away when the cache is asked
      LOG.debug("Step {} failed before its code ran", task.id(), e);
      started();
      failed(e, e.getClass().getSimpleName() + ": " + e.getMessage());
    } finally {
      slot.release();
    }
  }

  private boolean useCached(Key key) {
    Optional<Cached> found =
        Cached.find(engine, task.node(), key).filter(cached -> keepCached(key, cached));
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
  private boolean keepCached(Key key, Cached cached) {
    if (!cached.result().versions().isEmpty()) {
      try {
        engine.results().keep(execution.id(), task.id(), cached.result().versions());
      } catch (VersionNotFoundException e) {
        LOG.warn("A result of step {} has lost its versions; it is made anew", task.id(), e);
        engine.results().find(key).ifPresent(entry -> engine.results().remove(key, entry));
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

  private void attempt(Optional<Key> key) {
    StepSpec spec = task.node().spec();
    AttemptContext context =
        new AttemptContext(
            engine, execution.id(), task.id(), number, spec.secrets(), task.versions());
    try {
      if (!execution.enter(context)) {
        return;
      }
      started();
      spec.timeout()
          .ifPresent(limit -> context.timer(engine.after(limit, () -> timedOut(context, limit))));
      call(context, key);
    } finally {
      execution.leave(context);
      context.leave();
    }
  }

  private void call(AttemptContext context, Optional<Key> key) {
    try {
      Object value = task.body().run(context, task.values());
      if (context.settle()) {
        commit(context, value, key);
      }
    } catch (Throwable e) {
      if (context.settle()) {
        failed(e, context.describe(e));
      }
    }
  }

  private void commit(AttemptContext context, @Nullable Object value, Optional<Key> key) {
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
          engine.results().find(key.get()).ifPresent(old -> engine.results().remove(key.get(), old));
        }
        StepResult winner = engine.results().keep(key.get(), result, execution.id());
        if (winner != result) {
          // another run was faster: both go on with one result
          given = engine.values().read(task.node().bodyType(), winner.json());
          result = winner;
        }
      }
      execution.ended(task, StepState.SUCCEEDED, Optional.of(result), given, Optional.empty());
    } catch (UnkeptException | RuntimeException e) {
      failed(e, context.describe(e));
    }
  }

  private void timedOut(AttemptContext context, Duration limit) {
    if (context.abandon()) {
      TimeoutException failure = new TimeoutException("found it running after " + limit);
      failed(failure, context.describe(failure));
      slot.release();
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
