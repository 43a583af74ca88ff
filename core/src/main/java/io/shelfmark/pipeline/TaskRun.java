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

/** One attempt at a task, on the thread that does it; what comes of it is its owner's to keep. */
final class TaskRun {

  private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);

  private final Workbench bench;
  private final Owner owner;
  private final Task task;
  private final int number;
  private final int failures;
  private final boolean anew;
  private final Optional<StepResults.Key> key;

  /** Who keeps on record what happens. Called by the attempt's thread, or by that of the timer. */
  interface Owner {
    /** Of which run it is. */
    RunId id();

    /** Enters an attempt, which may be abandoned from then on; false when it must not begin. */
    boolean enter(AttemptContext attempt);

    /** Its code has returned, or thrown; what it gave is kept next, on the same thread. */
    void codeReturned();

    /** All is done, and the attempt can no longer be abandoned. */
    void leave(AttemptContext attempt);

    /** Its code is called next. */
    void started(Task task, int number);

    /** What the attempt logged is in a file. */
    void logged(AttemptContext attempt);

    /** It gave nothing; with a wait, it is to be called again. */
    void failed(Task task, int number, String failure, Optional<Duration> nextIn);

    /** The task is settled; the value is at hand where its code has just given it. */
    void ended(Task task, Fate.Ended end, @Nullable Object value);

    /** It no longer keeps one of those places that are counted. */
    void free();
  }

  /**
   * An attempt of a number, from 1.
   *
   * @param failures attempts before it that gave nothing
   * @param anew whatever the cache has
   */
  TaskRun(Workbench bench, Owner owner, Task task, int number, int failures, boolean anew) {
    this.bench = bench;
    this.owner = owner;
    this.task = task;
    this.number = number;
    this.failures = failures;
    this.anew = anew;
    this.key = StepResults.Key.of(task.node(), task.digests());
  }

  void perform() {
    try {
      prepare().ifPresent(this::attempt);
    } finally {
      owner.free();
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
              bench, owner.id(), task.id(), number, task.node().spec().secrets(), task.versions()));
    } catch (RuntimeException | Error e) {
      // the store is away when the cache is asked, or a secret is not there
      owner.started(task, number);
      failed(e, AttemptContext.line(e));
      return Optional.empty();
    }
  }

  private boolean useCached(StepResults.Key sought) {
    Optional<Cached> found =
        Cached.find(bench, task.node(), sought).filter(cached -> keepCached(sought, cached));
    found.ifPresent(
        cached -> {
          forgetEarlierAttempts(sought);
          owner.codeReturned();
          ended(StepState.CACHED, cached.result(), cached.value());
        });
    return found.isPresent();
  }

  /** Keeps a cached result's versions for this run; false when they are gone. */
  private boolean keepCached(StepResults.Key sought, Cached cached) {
    if (!cached.result().versions().isEmpty()) {
      try {
        bench.results().keep(owner.id(), task.id(), number, cached.result().versions());
      } catch (VersionNotFoundException e) {
        LOG.warn("A result of step {} has lost its versions; it is made anew", task.id(), e);
        bench.results().find(sought).ifPresent(entry -> bench.results().remove(sought, entry));
        return false;
      }
    }
    return true;
  }

  private void attempt(AttemptContext context) {
    context.onAbandon(owner::free);
    context.onLog(() -> owner.logged(context));
    try {
      if (!owner.enter(context)) {
        return;
      }
      owner.started(task, number);
      task.node()
          .spec()
          .timeout()
          .ifPresent(limit -> context.timer(bench.after(limit, () -> timedOut(context, limit))));
      call(context);
    } finally {
      owner.leave(context);
      context.leave();
    }
  }

  private void call(AttemptContext context) {
    Object value = null;
    Throwable failure = null;
    try {
      value = task.body().run(context, task.values());
    } catch (Throwable e) {
      failure = e;
    }
    owner.codeReturned();
    if (!context.settle()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    if (interrupted) {
      LOG.debug("The code of step {} left its thread interrupted", task.id());
    }
    if (failure == null) {
      commit(context, value);
    } else {
      failed(context, failure);
    }
  }

  private void commit(AttemptContext context, @Nullable Object value) {
    try {
      StepResult result = bench.values().write(task.node().bodyType(), value);
      if (context.stepLog().showsSecret(result.json())) {
        throw new UnkeptException("its result holds a secret's value", null);
      }
      if (!result.versions().isEmpty()) {
        bench.results().keep(owner.id(), task.id(), number, result.versions());
      }
      Object given = value;
      if (key.isPresent()) {
        StepResult winner = keep(key.get(), result);
        if (!winner.equals(result)) {
          // another run was faster: both go on with one result
          given = bench.values().read(task.node().bodyType(), winner.json());
          result = winner;
        }
      }
      context.tidyUp();
      ended(StepState.SUCCEEDED, result, given);
    } catch (Throwable e) {
      failed(context, e);
    }
  }

  private StepResult keep(StepResults.Key cached, StepResult result) {
    if (anew) {
      bench.results().find(cached).ifPresent(old -> bench.results().remove(cached, old));
    }
    StepResult kept = bench.results().keep(cached, result, maker());
    forgetEarlierAttempts(cached);
    return kept;
  }

  private StepResults.Maker maker() {
    return new StepResults.Maker(owner.id(), task.id(), number);
  }

  /** Attempts whose process died may have kept versions for a result that they did not claim. */
  private void forgetEarlierAttempts(StepResults.Key cached) {
    if (number > 1) {
      bench.results().releaseEarlier(cached, maker());
    }
  }

  private void ended(StepState state, StepResult result, @Nullable Object value) {
    owner.ended(task, new Fate.Ended(state, Optional.of(result), Optional.empty()), value);
  }

  private void failed(AttemptContext context, Throwable failure) {
    String message = context.describe(failure);
    context.tidyUp();
    failed(failure, message);
  }

  private void timedOut(AttemptContext context, Duration limit) {
    TimeoutException failure = new TimeoutException("found it running after " + limit);
    context
        .abandon(failure)
        .ifPresent(
            message -> {
              context.endLog(); // the folder is removed once its code has returned
              failed(failure, message);
            });
  }

  private void failed(Throwable failure, String message) {
    RetryPolicy policy = task.node().spec().retry();
    int all = failures + 1;
    boolean again = all < policy.attempts() && policy.covers(failure);
    owner.failed(
        task,
        number,
        message,
        again
            ? Optional.of(policy.waitAfter(all, ThreadLocalRandom.current().nextDouble()))
            : Optional.empty());
    if (!again) {
      owner.ended(
          task, new Fate.Ended(StepState.FAILED, Optional.empty(), Optional.of(message)), null);
    }
  }
}
