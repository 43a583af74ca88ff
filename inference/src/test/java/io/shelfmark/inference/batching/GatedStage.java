package io.shelfmark.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * Work that waits at a gate and tells what it was given. The words of an item say what becomes of
 * it: one that begins with {@code bad} fails, {@code mute} cannot be described and the answer to
 * {@code sticky} not discarded; what stands before a colon is its bucket.
 */
final class GatedStage implements BatchStage<String, String> {

  static final int ALL = 100_000;

  final Semaphore gate = new Semaphore(0);
  final Semaphore begun = new Semaphore(0);
  final Queue<List<String>> batches = new ConcurrentLinkedQueue<>();
  final Queue<String> discarded = new ConcurrentLinkedQueue<>();
  final Queue<String> interrupted = new ConcurrentLinkedQueue<>();
  final Set<Thread> threads = Collections.synchronizedSet(new HashSet<>());

  @Override
  public List<String> run(List<String> items) {
    threads.add(Thread.currentThread());
    batches.add(List.copyOf(items));
    if (Thread.currentThread().isInterrupted()) {
      interrupted.addAll(items);
    }
    begun.release();
    gate.acquireUninterruptibly();
    List<String> answers = new ArrayList<>();
    for (String item : items) {
      if (item.startsWith("bad")) {
        throw new IllegalArgumentException("found " + item);
      }
      if (item.startsWith("huge")) {
        throw new OutOfMemoryError("no memory for " + item);
      }
      if (item.startsWith("none")) {
        answers.add(null);
      } else if (!item.startsWith("silent")) {
        answers.add(answer(item));
      }
    }
    return answers;
  }

  static String answer(String item) {
    return "answer to " + item;
  }

  List<String> items() {
    return batches.stream().flatMap(List::stream).toList();
  }

  @Override
  public String name() {
    return "test";
  }

  @Override
  public String describe(String item) {
    if (item.startsWith("mute")) {
      throw new IllegalStateException("no words for " + item);
    }
    return "run " + item;
  }

  @Override
  public IllegalStateException closed() {
    return new IllegalStateException("Cannot run: closed");
  }

  @Override
  public Object bucket(String item) {
    int colon = item.indexOf(':');
    return colon < 0 ? "" : item.substring(0, colon);
  }

  @Override
  public int size(String item) {
    return item.startsWith("large") ? 3 : 1;
  }

  @Override
  public void discard(String answer) {
    discarded.add(answer);
    if (answer.contains("sticky")) {
      throw new IllegalStateException("cannot discard " + answer);
    }
  }

  /** Waits until the threads that ran anything have ended, but for the calling one. */
  void requireEnded() throws InterruptedException {
    for (Thread thread : List.copyOf(threads)) {
      if (!thread.equals(Thread.currentThread())) {
        thread.join(Duration.ofSeconds(30).toMillis());
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }

  /** Starts a thread and returns when it waits for something or is done. */
  static <V> FutureTask<V> start(Callable<V> call) {
    FutureTask<V> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "caller");
    thread.setDaemon(true);
    thread.start();
    awaitWaiting(thread);
    return task;
  }

  /** Returns when a thread waits for something or is done. */
  static void awaitWaiting(Thread thread) {
    while (thread.isAlive()
        && thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }
}
