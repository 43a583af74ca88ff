package io.shelfmark.cluster;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunSteps;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * An attempt that goes on here. Whoever waits for it goes on when it is settled, even if its code
 * does not return. Thread-safe.
 */
final class Doing implements RunSteps.Report {

  private final StepKey step;
  private final Workspace workspace;
  private final Consumer<RunEvent> started;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile boolean wasCalled;

  /** What came of it. */
  sealed interface Outcome permits Ended, Failed, Abandoned {}

  /** The step is to be settled; the code was called, or not because of a cached result. */
  record Ended(RunEvent.StepEnded event, StepStore.Attempted attempted) implements Outcome {}

  /** It is to be called again. */
  record Failed(RunEvent.AttemptFailed event) implements Outcome {}

  /** Someone else stopped it. */
  record Abandoned() implements Outcome {}

  Doing(StepKey step, Workspace workspace, Consumer<RunEvent> started) {
    this.step = step;
    this.workspace = workspace;
    this.started = started;
  }

  /** Where a run's logs are in the store. */
  static String logs(String run) {
    return "pipeline-logs/" + run;
  }

  @Override
  public void started(RunEvent.AttemptStarted event) {
    wasCalled = true;
    started.accept(event);
  }

  /** Other processes read it in the store. */
  @Override
  public void logged(int attempt, Path log) {
    String name = logs(step.run().value()) + "/" + log.getFileName();
    try (InputStream content = Files.newInputStream(log)) {
      workspace.files().put(name, content);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot put log %s into the store: found %s, expected to read it (check the disk)"
              .formatted(log, e),
          e);
    }
    try {
      Files.delete(log);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot remove log %s: found %s, expected to (check the disk)".formatted(log, e), e);
    }
  }

  @Override
  public void failed(RunEvent.AttemptFailed event) {
    if (event.nextIn().isPresent()) {
      outcome.complete(new Failed(event));
    }
  }

  @Override
  public void ended(RunEvent.StepEnded event) {
    outcome.complete(
        new Ended(event, wasCalled ? StepStore.Attempted.YES : StepStore.Attempted.NO));
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
