package io.shelfmark.pipeline;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An attempt whose events are reported to a runner. Thread-safe: it guards itself. */
final class ReportedAttempt implements RunSteps.Attempt, TaskRun.Owner {

  private final Workbench bench;
  private final RunId run;
  private final RunSteps.Report report;
  private final TaskRun work;

  // guarded by this
  private boolean abandoned;
  private @Nullable AttemptContext going;

  ReportedAttempt(
      Workbench bench,
      RunId run,
      Task task,
      int number,
      int failures,
      boolean anew,
      RunSteps.Report report) {
    this.bench = bench;
    this.run = run;
    this.report = report;
    this.work = new TaskRun(bench, this, task, number, failures, anew);
  }

  @Override
  public void run() {
    work.perform();
  }

  @Override
  public void abandon() {
    AttemptContext attempt;
    synchronized (this) {
      abandoned = true;
      attempt = going;
    }
    if (attempt != null) {
      attempt.abandon();
    }
  }

  @Override
  public RunId id() {
    return run;
  }

  @Override
  public synchronized boolean enter(AttemptContext attempt) {
    going = attempt;
    return !abandoned;
  }

  /** The runner has threads of its own. */
  @Override
  public void codeReturned() {}

  @Override
  public synchronized void leave(AttemptContext attempt) {
    going = null;
  }

  @Override
  public void started(Task task, int number) {
    report.started(new RunEvent.AttemptStarted(run, bench.now(), task.id(), number));
  }

  @Override
  public void logged(AttemptContext attempt) {
    report.logged(attempt.attempt(), attempt.stepLog().file());
  }

  @Override
  public void failed(Task task, int number, String failure, Optional<Duration> nextIn) {
    report.failed(new RunEvent.AttemptFailed(run, bench.now(), task.id(), number, failure, nextIn));
  }

  @Override
  public void ended(Task task, Fate.Ended end, @Nullable Object value) {
    report.ended(
        new RunEvent.StepEnded(
            run, bench.now(), task.id(), end.state(), end.result(), end.failure()));
  }

  /** The runner counts the places itself. */
  @Override
  public void free() {}
}
