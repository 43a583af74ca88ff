package io.shelfmark.pipeline;

import io.shelfmark.artifact.RetentionRule;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes records and logs of ended runs that a rule does not keep, on a thread of its own, which
 * goes when it has nothing to do. Thread-safe; the runner closes it.
 */
final class Retention implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /** Removes a run, unless it is needed; whether it did. */
  interface Removal {
    boolean unlessNeeded(RunId run, Runnable removal);
  }

  private final Records records;
  private final RetentionRule rule;
  private final Clock clock;
  private final Removal removal;

  /** The runs on record of each pipeline, the oldest first; of the thread alone. */
  private final Map<String, TreeSet<RecordHead>> heads = new HashMap<>();

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          5,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> {
            Thread created = new Thread(task, "shelfmark-pipeline-retention");
            created.setDaemon(true);
            return created;
          });

  /**
   * Looks through what is on record.
   *
   * @param removal how runs go, unless they are needed
   */
  Retention(Records records, RetentionRule rule, Clock clock, Removal removal) {
    this.records = records;
    this.rule = rule;
    this.clock = clock;
    this.removal = removal;
    thread.allowCoreThreadTimeOut(true);
    if (records.onDisk()) {
      later(
          () -> {
            records.forgotten().forEach(this::removeRest);
            records.heads().forEach(this::note);
            heads.keySet().forEach(this::sweep);
          });
    }
  }

  /** A run of that id may have begun since. */
  private void removeRest(RunId run) {
    removal.unlessNeeded(run, () -> records.removeForgotten(run));
  }

  private void note(RecordHead head) {
    heads
        .computeIfAbsent(
            head.pipeline(),
            name ->
                new TreeSet<>(
                    Comparator.comparing(RecordHead::startedAt)
                        .thenComparing(run -> run.id().value())))
        .add(head);
  }

  private void sweep(String pipeline) {
    TreeSet<RecordHead> runs = heads.get(pipeline);
    if (runs == null) {
      return;
    }
    Iterator<RecordHead> oldest = runs.iterator();
    long following = runs.size() - 1L;
    while (oldest.hasNext()) {
      RecordHead head = oldest.next();
      if (rule.keeps(following, head.endedAt(), clock.instant())) {
        return;
      }
      if (removal.unlessNeeded(head.id(), () -> records.remove(head.id()))) {
        oldest.remove();
      }
      following--;
    }
  }

  /** A run is on record now. */
  void ended(RunRecord run) {
    RecordHead head = RecordHead.of(run);
    later(
        () -> {
          note(head);
          sweep(head.pipeline());
        });
  }

  /** A run is no longer on record. */
  void forgotten(RunId run) {
    later(() -> heads.values().forEach(runs -> runs.removeIf(head -> head.id().equals(run))));
  }

  private void later(Runnable task) {
    try {
      thread.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              LOG.warn("Old runs could not be removed; it is tried again", e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("The runner is closed; the next one removes old runs", e);
    }
  }

  /** Waits for what was asked for before. */
  void await() {
    CountDownLatch done = new CountDownLatch(1);
    later(done::countDown);
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is begun is done. */
  @Override
  public void close() {
    thread.shutdown();
    thread.getQueue().clear();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("Removing old runs takes more than 10 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
