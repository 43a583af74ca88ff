package io.shelfmark.cluster;

import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunSteps;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The attempts that go on in this process, each on a thread of its own: code that ignores its
 * interrupt keeps that thread, and no place in a queue. Thread-safe.
 */
final class Attempts implements AutoCloseable {

  private final Map<StepClaims.Claim, Going> going = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Threads.daemons("shelfmark-step"));

  /** One of them, and who waits for it. */
  private record Going(RunSteps.Attempt attempt, Doing doing) {
    void abandon() {
      attempt.abandon();
      doing.over();
    }
  }

  /** Does one, and waits for what comes of it. Interrupted, it stops it. */
  Doing.Outcome perform(StepClaims.Claim claim, RunSteps.Attempt attempt, Doing doing)
      throws InterruptedException {
    going.put(claim, new Going(attempt, doing));
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
      going.remove(claim);
    }
  }

  /** The claims under which code is called here. */
  List<StepClaims.Claim> claims() {
    return List.copyOf(going.keySet());
  }

  /** How many there are. */
  int count() {
    return going.size();
  }

  /** Stops those of a run that has ended. */
  void abandon(RunId ended) {
    going.forEach(
        (claim, one) -> {
          if (claim.step().run().equals(ended)) {
            one.abandon();
          }
        });
  }

  /** Stops those whose step is no longer theirs. */
  void abandon(Collection<StepClaims.Claim> lost) {
    for (StepClaims.Claim claim : lost) {
      Going one = going.get(claim);
      if (one != null) {
        one.abandon();
      }
    }
  }

  @Override
  public void close() {
    going.values().forEach(Going::abandon);
    threads.shutdownNow();
  }
}
