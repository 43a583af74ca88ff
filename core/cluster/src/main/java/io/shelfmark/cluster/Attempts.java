package io.shelfmark.cluster;

import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunSteps;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The attempts that go on in this process, each on a thread of its own: code that ignores its
 * interrupt keeps that thread, and no place in a queue. Thread-safe.
 */
final class Attempts implements AutoCloseable {

  private final Map<RunId, Map<Doing, RunSteps.Attempt>> going = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Threads.daemons("shelfmark-step"));

  /** Does one, and waits for what comes of it. Interrupted, it stops it. */
  Doing.Outcome perform(StepKey step, RunSteps.Attempt attempt, Doing doing)
      throws InterruptedException {
    going.compute(
        step.run(),
        (run, present) -> {
          Map<Doing, RunSteps.Attempt> all = present == null ? new ConcurrentHashMap<>() : present;
          all.put(doing, attempt);
          return all;
        });
    try {
      threads.execute(
          () -> {
            try {
              attempt.run();
            } catch (Throwable e) {
              doing.broken(e);
            }
          });
      return doing.await();
    } catch (InterruptedException e) {
      attempt.abandon();
      throw e;
    } finally {
      going.computeIfPresent(
          step.run(),
          (run, all) -> {
            all.remove(doing);
            return all.isEmpty() ? null : all;
          });
    }
  }

  /** The runs that have attempts here. */
  Set<RunId> runs() {
    return Set.copyOf(going.keySet());
  }

  /** How many there are. */
  int count() {
    return going.values().stream().mapToInt(Map::size).sum();
  }

  /** Stops those of runs that have ended. */
  void abandon(Collection<RunId> ended) {
    for (RunId run : ended) {
      Map<Doing, RunSteps.Attempt> all = going.get(run);
      if (all != null) {
        all.forEach(
            (doing, attempt) -> {
              attempt.abandon();
              doing.over();
            });
      }
    }
  }

  @Override
  public void close() {
    abandon(runs());
    threads.shutdownNow();
  }
}
