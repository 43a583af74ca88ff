package io.shelfmark.cluster;

import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunSteps;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * An attempt that goes on here. Whoever waits for it goes on when it is settled, even if its code
 * does not return. Thread-safe.
 */
final class Doing implements RunSteps.Report {

  private final StepKey step;
  private final StepLogs logs;
  private final Runnable onStart;
  private final Runnable onUnused;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile boolean wasCalled;

  /** What came of it. */
  sealed interface Outcome permits Ended, Failed, Abandoned {}

  /** The step is to be settled; the code was called, or not because of a cached result. */
  record Ended(Fate.Ended end, StepStore.Attempted attempted) implements Outcome {}

  /** It is to be called again. */
  record Failed(String failure, Duration nextIn) implements Outcome {}

  /** Someone else stopped it. */
  record Abandoned() implements Outcome {}

  /**
   * An attempt that begins.
   *
   * @param onUnused told when it gives something although it was stopped
   */
  Doing(StepKey step, StepLogs logs, Runnable onStart, Runnable onUnused) {
    this.step = step;
    this.logs = logs;
    this.onStart = onStart;
    this.onUnused = onUnused;
  }

  @Override
  public void started(RunEvent.AttemptStarted event) {
    wasCalled = true;
    onStart.run();
  }

  /** Other processes read it in the store. */
  @Override
  public void logged(int attempt, Path log) {
    logs.keep(step.run(), log);
  }

  @Override
  public void failed(RunEvent.AttemptFailed event) {
    event.nextIn().ifPresent(wait -> complete(new Failed(event.failure(), wait)));
  }

  @Override
  public void ended(RunEvent.StepEnded event) {
    complete(
        new Ended(
            new Fate.Ended(event.state(), event.result(), event.failure()),
            wasCalled ? StepStore.Attempted.YES : StepStore.Attempted.NO));
  }

  private void complete(Outcome what) {
    if (!outcome.complete(what)) {
      onUnused.run();
    }
  }

  /** Someone else has stopped it. */
  void over() {
    outcome.complete(new Abandoned());
  }

  /** Its thread ended with a failure that is not the step's. */
  void broken(Throwable failure) {
    outcome.completeExceptionally(failure);
  }

  /** Waits for what comes of it. */
  Outcome await() throws InterruptedException {
    try {
      return outcome.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("step " + step + " could not be done here", e.getCause());
    }
  }
}
