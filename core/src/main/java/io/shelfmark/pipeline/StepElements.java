package io.shelfmark.pipeline;

import io.shelfmark.pipeline.OrchestratedRunner.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the elements of fan-outs whose step an orchestrator called: it knows of the step alone, so
 * they are all done in this process, some at a time. Those on record are not done again.
 * Thread-safe.
 */
final class StepElements {

  private static final Logger LOG = LoggerFactory.getLogger(StepElements.class);
  private static final long MOMENT_SECONDS = 5;

  private final OrchestratedRuns runs;
  private final ExecutorService threads;
  private final int parallelism;
  private final Semaphore places;
  private final Calling call;

  /** One attempt at a step or an element, which is waited for. */
  @FunctionalInterface
  interface Calling {
    Outcome attempt(RunSteps steps, RunEvent.RunStarted start, String name, Fate.Call task);
  }

  /** Elements that gave nothing. */
  static final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    private FailedException(String message, int exitCode) {
      super(message);
      this.exitCode = exitCode;
    }

    /** That of the step. */
    int exitCode() {
      return exitCode;
    }
  }

  StepElements(OrchestratedRuns runs, ExecutorService threads, int parallelism, Calling call) {
    this.runs = runs;
    this.threads = threads;
    this.parallelism = parallelism;
    this.places = new Semaphore(parallelism);
    this.call = call;
  }

  /**
   * Does all that are not on record, and gives how they ended.
   *
   * @throws FailedException when one has no result, or the calling thread was interrupted
   */
  List<Fate.Ended> perform(
      RunSteps steps, RunEvent.RunStarted start, String step, Fate.Each each, SettledSteps known) {
    List<Future<Outcome>> outcomes = new ArrayList<>();
    try {
      for (int i = 0; i < each.size(); i++) {
        int place = i;
        places.acquire(); // before a thread is made for it
        outcomes.add(threads.submit(() -> element(steps, start, step, place, each, known)));
      }
    } catch (InterruptedException e) {
      throw interrupted(outcomes);
    }
    List<Outcome> failures =
        await(outcomes).stream().filter(outcome -> outcome.state() == StepState.FAILED).toList();
    if (!failures.isEmpty()) {
      boolean isWorthMore =
          failures.stream().anyMatch(f -> f.exitCode() == OrchestratedRunner.FAILED);
      throw new FailedException(
          "%d of %d elements have no result, the first because %s"
              .formatted(failures.size(), each.size(), failures.get(0).failure().orElse("")),
          isWorthMore ? OrchestratedRunner.FAILED : OrchestratedRunner.FAILED_FOR_GOOD);
    }
    List<Fate.Ended> ends = new ArrayList<>();
    for (int i = 0; i < each.size(); i++) {
      ends.add(known.step(step + "[" + i + "]"));
    }
    return ends;
  }

  private Outcome element(
      RunSteps steps,
      RunEvent.RunStarted start,
      String step,
      int place,
      Fate.Each each,
      SettledSteps known) {
    String name = step + "[" + place + "]";
    try {
      return runs.step(start.run(), name).isPresent()
          ? new Outcome(StepState.SUCCEEDED, 0, Optional.empty())
          : call.attempt(
              steps, start, name, steps.element(step, place, each.element(place), known));
    } finally {
      places.release();
    }
  }

  /** Elements end the programs that they started before anyone is told. */
  private FailedException interrupted(List<Future<Outcome>> outcomes) {
    outcomes.forEach(outcome -> outcome.cancel(true));
    try {
      if (!places.tryAcquire(parallelism, MOMENT_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Some elements do not heed their interrupt");
      }
    } catch (InterruptedException e) {
      LOG.debug("Interrupted again", e);
    }
    Thread.currentThread().interrupt();
    return new FailedException("it was interrupted", OrchestratedRunner.FAILED);
  }

  private List<Outcome> await(List<Future<Outcome>> outcomes) {
    try {
      List<Outcome> all = new ArrayList<>();
      for (Future<Outcome> outcome : outcomes) {
        all.add(outcome.get());
      }
      return all;
    } catch (InterruptedException e) {
      throw interrupted(outcomes);
    } catch (ExecutionException e) {
      outcomes.forEach(outcome -> outcome.cancel(true));
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }
}
