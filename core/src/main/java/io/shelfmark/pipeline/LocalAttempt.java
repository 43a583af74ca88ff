package io.shelfmark.pipeline;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An attempt at a task of a run in this process, whose events go to the journal. Thread-safe. */
record LocalAttempt(Engine engine, Execution<?> execution, Slots.Slot slot)
    implements TaskRun.Owner {

  /** Does it, on this thread. */
  void perform(Task task, boolean anew) {
    Ledger ledger = execution.ledger();
    try {
      int number = ledger.attempts(task.id()) + 1;
      new TaskRun(engine.bench(), this, task, number, ledger.failures(task.id()), anew).perform();
    } catch (RuntimeException | Error e) {
      // nothing of it is on record: without an end the run would wait for ever
      execution.stop(
          RunState.FAILED,
          "its step %s cannot be done: %s".formatted(task.id(), AttemptContext.line(e)));
      throw e;
    }
  }

  @Override
  public RunId id() {
    return execution.id();
  }

  @Override
  public boolean enter(AttemptContext attempt) {
    return execution.enter(attempt);
  }

  @Override
  public void codeReturned() {
    slot.codeReturned();
  }

  @Override
  public void leave(AttemptContext attempt) {
    execution.leave(attempt);
  }

  @Override
  public void started(Task task, int number) {
    engine.happenedHere(
        new RunEvent.AttemptStarted(id(), engine.bench().now(), task.id(), number),
        Journal.Wait.FOR_NOTHING,
        execution.ledger()::add);
  }

  /** It stays where it is. */
  @Override
  public void logged(AttemptContext attempt) {}

  @Override
  public void failed(Task task, int number, String failure, Optional<Duration> nextIn) {
    engine.happened(
        new RunEvent.AttemptFailed(id(), engine.bench().now(), task.id(), number, failure, nextIn),
        Journal.Wait.FOR_NOTHING,
        event -> {
          execution.ledger().add(event);
          nextIn.ifPresent(time -> execution.retry(task, time));
        });
  }

  @Override
  public void ended(Task task, Fate.Ended end, @Nullable Object value) {
    execution.ended(task, end, value);
  }

  @Override
  public void free() {
    slot.release();
  }
}
