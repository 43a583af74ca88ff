package io.shelfmark.pipeline;

import io.shelfmark.pipeline.OrchestratedRunner.Outcome;
import io.shelfmark.storage.StorageException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does single steps in this process, each attempt on a thread of its own: code that does not return
 * after its time limit holds nobody up. Thread-safe.
 */
final class StepProcess implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StepProcess.class);
  private static final long MOMENT_SECONDS = 5;

  private final OrchestratedRuns runs;
  private final StepWorker worker;
  private final ScheduledExecutorService timer;
  private final Consumer<String> log;
  private final StepFolder folder;
  private final StepElements elements;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "shelfmark-step");
            thread.setDaemon(true);
            return thread;
          });

  /** Works in a folder, which it closes at the end. */
  StepProcess(
      OrchestratedRuns runs,
      StepWorker worker,
      ScheduledExecutorService timer,
      StepFolder folder,
      int parallelism,
      Consumer<String> log) {
    this.runs = runs;
    this.worker = worker;
    this.timer = timer;
    this.folder = folder;
    this.elements = new StepElements(runs, threads, parallelism, this::attempt);
    this.log = log;
  }

  Outcome perform(RunSteps steps, Pipeline<?> pipeline, RunEvent.RunStarted start, String step) {
    Optional<RunEvent.StepEnded> there = runs.step(start.run(), step);
    if (there.isPresent()) {
      return outcome(there.get());
    }
    SettledSteps known = new SettledSteps(runs, steps, pipeline, start.run());
    try {
      Fate fate = steps.decide(step, known);
      if (fate instanceof Fate.Call call) {
        return attempt(steps, start, step, call);
      }
      Fate.Ended end =
          fate instanceof Fate.Each each
              ? steps.gather(elements.perform(steps, start, step, each, known))
              : (Fate.Ended) fate;
      return end.result().isEmpty()
          ? failed(OrchestratedRunner.FAILED, end.failure())
          : settle(start.run(), step, end);
    } catch (SettledSteps.TooEarlyException e) {
      return failed(
          OrchestratedRunner.FAILED,
          Optional.of(
              "Cannot do step %s of run %s: %s".formatted(step, start.run(), e.getMessage())));
    } catch (StepElements.FailedException e) {
      if (e.exitCode() == OrchestratedRunner.FAILED_FOR_GOOD) {
        worker.tell(failure(start.run(), step, e.getMessage()));
      }
      return failed(e.exitCode(), Optional.ofNullable(e.getMessage()));
    }
  }

  private RunEvent.StepEnded failure(RunId run, String step, @Nullable String why) {
    return new RunEvent.StepEnded(
        run, runs.now(), step, StepState.FAILED, Optional.empty(), Optional.ofNullable(why));
  }

  private static Outcome failed(int exitCode, Optional<String> failure) {
    return new Outcome(StepState.FAILED, exitCode, failure);
  }

  private static Outcome outcome(RunEvent.StepEnded ended) {
    return new Outcome(
        ended.state(),
        ended.state() == StepState.SKIPPED ? OrchestratedRunner.SKIPPED : 0,
        ended.failure());
  }

  private Outcome settle(RunId run, String step, Fate.Ended end) {
    return settle(
        new RunEvent.StepEnded(run, runs.now(), step, end.state(), end.result(), end.failure()));
  }

  private Outcome settle(RunEvent.StepEnded mine) {
    RunEvent.StepEnded winner = runs.settle(mine);
    if (winner.equals(mine)) {
      worker.tell(winner);
    }
    return outcome(winner);
  }

  /** One attempt, of a step or an element of one. */
  private Outcome attempt(RunSteps steps, RunEvent.RunStarted start, String name, Fate.Call task) {
    int number = runs.nextAttempt(start.run(), name);
    Reported report = new Reported(name, number, start.run());
    RunSteps.Attempt attempt =
        steps.attempt(task, number, runs.failures(start.run(), name), report);
    Future<?> call =
        threads.submit(
            () -> {
              try {
                attempt.run();
              } catch (RuntimeException | Error e) {
                report.outcome.completeExceptionally(e);
              }
            });
    try {
      return report.outcome.get();
    } catch (InterruptedException e) {
      attempt.abandon();
      awaitReturn(call);
      Thread.currentThread().interrupt();
      return failed(OrchestratedRunner.FAILED, Optional.of("it was interrupted"));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } finally {
      report.tail.close();
    }
  }

  /** Code that was interrupted ends the programs that it started. */
  private static void awaitReturn(Future<?> call) {
    try {
      call.get(MOMENT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      LOG.warn("A step does not heed its interrupt", e);
    }
  }

  /** Hears what comes of an attempt, and puts it on record. */
  private final class Reported implements RunSteps.Report {
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final LogTail tail;

    Reported(String name, int number, RunId run) {
      Path file = StepLog.file(folder.path().resolve("runs").resolve(run.value()), name, number);
      String prefix = name.endsWith("]") ? name + " | " : "";
      this.tail = new LogTail(file, line -> log.accept(prefix + line));
      tail.follow(timer);
    }

    @Override
    public void started(RunEvent.AttemptStarted event) {
      runs.started(event);
      worker.tell(event);
    }

    @Override
    public void logged(int attempt, Path file) {
      tail.close();
    }

    @Override
    public void failed(RunEvent.AttemptFailed event) {
      try {
        runs.failed(event);
      } catch (StorageException e) {
        LOG.warn("A failure of step {} is not on record", event.step(), e);
      }
      worker.tell(event);
      if (event.nextIn().isPresent()) {
        outcome.complete(
            StepProcess.failed(OrchestratedRunner.FAILED, Optional.of(event.failure())));
      }
    }

    /** A failure is told and not settled: whoever leads the run may yet call the step again. */
    @Override
    public void ended(RunEvent.StepEnded event) {
      if (event.result().isEmpty()) {
        worker.tell(event);
      }
      outcome.complete(
          event.result().isPresent()
              ? settle(event)
              : StepProcess.failed(OrchestratedRunner.FAILED_FOR_GOOD, event.failure()));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    folder.close();
  }
}
