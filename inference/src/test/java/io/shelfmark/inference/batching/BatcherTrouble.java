package io.shelfmark.inference.batching;

import io.shelfmark.inference.DeadlineException;
import io.shelfmark.inference.OverloadException;
import io.shelfmark.inference.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Kinds of trouble for a batcher on an engine that is none: each caller asks for its own number and
 * must get that very number back. For the suite in small, for benchmarks at length.
 */
public final class BatcherTrouble {

  /** Items that each round of {@link #openingAndClosing} asks for. */
  public static final int EACH = 3;

  private static final long ENGINE_NANOS = 200_000;

  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();
  private final AtomicLong latest = new AtomicLong();
  private final Engine engine;

  private BatcherTrouble(long failsEvery, long nanos) {
    this.engine = new Engine(failsEvery, nanos);
  }

  /**
   * What became of all that was asked.
   *
   * @param answered got an answer
   * @param refused found no room
   * @param late were told that their deadline has passed
   * @param failed failed otherwise: the engine threw, or the caller was interrupted
   * @param wrong got another's answer, or ran although it had been given up
   * @param threadsLeft threads of the batcher that are still there
   * @param latest the longest time between a deadline and the moment its caller knew
   */
  public record Outcome(
      long answered,
      long refused,
      long late,
      long failed,
      long wrong,
      long threadsLeft,
      Duration latest) {}

  /** Numbers in, the same numbers out. */
  private static final class Engine implements BatchStage<Long, Long> {
    private final AtomicLong batches = new AtomicLong();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final long failsEvery;
    private final long nanos;

    Engine(long failsEvery, long nanos) {
      this.failsEvery = failsEvery;
      this.nanos = nanos;
    }

    @Override
    public List<Long> run(List<Long> items) {
      threads.add(Thread.currentThread());
      if (nanos > 0) {
        LockSupport.parkNanos(nanos);
      }
      if (failsEvery > 0 && batches.incrementAndGet() % failsEvery == 0) {
        throw new IllegalArgumentException("the engine is out of order");
      }
      return List.copyOf(items);
    }

    @Override
    public String name() {
      return "trouble";
    }

    @Override
    public String describe(Long item) {
      return "run " + item;
    }

    @Override
    public IllegalStateException closed() {
      return new IllegalStateException("closed");
    }
  }

  /** What one caller does in one round. */
  private interface Round {
    void run(int caller, long number) throws Exception;
  }

  /**
   * So many callers on an engine of two lanes with a short queue that rejects, and deadlines that
   * many of those in it miss.
   */
  public static Outcome overload(int callers, int rounds) throws Exception {
    BatcherTrouble trouble = new BatcherTrouble(0, ENGINE_NANOS);
    BatchLimits limits = new BatchLimits(2, 2, Duration.ZERO, 8, WhenFull.REJECT);
    try (Batcher<Long, Long> batcher = new Batcher<>(limits, trouble.engine)) {
      trouble.together(
          callers,
          rounds,
          (caller, number) -> {
            Duration time = Duration.ofNanos(number % 3 == 0 ? 300_000 : 50_000_000);
            Priority priority = number % 2 == 0 ? Priority.BULK : Priority.INTERACTIVE;
            Deadline deadline = Deadline.in(time);
            trouble.take(
                number, batcher.submit(number, new Request(caller, priority, deadline)), deadline);
          });
    }
    return trouble.outcome();
  }

  /** An engine that throws on every hundredth batch, whatever is in it. */
  public static Outcome failingEngine(int callers, int rounds) throws Exception {
    BatcherTrouble trouble = new BatcherTrouble(100, 0);
    BatchLimits limits = new BatchLimits(1, 4, Duration.ZERO, 64, WhenFull.WAIT);
    try (Batcher<Long, Long> batcher = new Batcher<>(limits, trouble.engine)) {
      trouble.together(callers, rounds, (caller, number) -> trouble.call(batcher, caller, number));
    }
    return trouble.outcome();
  }

  /** Half of the callers are interrupted again and again. */
  public static Outcome interruptedCallers(int callers, int rounds) throws Exception {
    BatcherTrouble trouble = new BatcherTrouble(0, 20_000);
    BatchLimits limits = new BatchLimits(1, 4, Duration.ZERO, 4, WhenFull.WAIT);
    try (Batcher<Long, Long> batcher = new Batcher<>(limits, trouble.engine)) {
      trouble.together(
          callers,
          rounds,
          (caller, number) -> {
            if (caller % 2 == 0 && number % 3 == 0) {
              Thread.currentThread().interrupt();
            }
            trouble.call(batcher, caller, number);
            if (Thread.interrupted() && caller % 2 != 0) {
              trouble.wrong.incrementAndGet();
            }
          });
    }
    return trouble.outcome();
  }

  /** So many threads that each open a batcher, ask, and close it before the answers are there. */
  public static Outcome openingAndClosing(int threads, int rounds) throws Exception {
    BatcherTrouble trouble = new BatcherTrouble(0, 0);
    trouble.together(
        threads,
        rounds,
        (caller, number) -> {
          List<CompletableFuture<Long>> answers = new ArrayList<>();
          try (Batcher<Long, Long> batcher = new Batcher<>(BatchLimits.of(2, 2), trouble.engine)) {
            for (int i = 0; i < EACH; i++) {
              answers.add(
                  batcher.submit(number, new Request(i, Priority.INTERACTIVE, Deadline.never())));
            }
          }
          for (CompletableFuture<Long> answer : answers) {
            trouble.take(number, answer, Deadline.never());
          }
        });
    return trouble.outcome();
  }

  private void call(Batcher<Long, Long> batcher, int caller, long number) {
    try {
      long answer =
          batcher.call(number, new Request(caller, Priority.INTERACTIVE, Deadline.never()));
      (answer == number ? answered : wrong).incrementAndGet();
    } catch (Exception e) {
      failed.incrementAndGet();
    }
  }

  private void take(long number, CompletableFuture<Long> pending, Deadline deadline)
      throws InterruptedException {
    try {
      (pending.get() == number ? answered : wrong).incrementAndGet();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DeadlineException) {
        late.incrementAndGet();
        latest.accumulateAndGet(-deadline.left(System.nanoTime()), Math::max);
      } else {
        (e.getCause() instanceof OverloadException ? refused : failed).incrementAndGet();
      }
    }
  }

  /** Runs rounds on so many threads at once; numbers tell caller and round apart. */
  private void together(int callers, int rounds, Round round) throws Exception {
    CyclicBarrier start = new CyclicBarrier(callers);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      int caller = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await(30, TimeUnit.SECONDS);
                  for (int n = 0; n < rounds; n++) {
                    round.run(caller, (long) caller * rounds + n);
                  }
                } catch (Exception e) {
                  wrong.incrementAndGet();
                }
              },
              "trouble-caller");
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private Outcome outcome() throws InterruptedException {
    long left = 0;
    for (Thread thread : engine.threads) {
      if (!thread.equals(Thread.currentThread())) {
        thread.join(TimeUnit.SECONDS.toMillis(10));
        left += thread.isAlive() ? 1 : 0;
      }
    }
    return new Outcome(
        answered.get(),
        refused.get(),
        late.get(),
        failed.get(),
        wrong.get(),
        left,
        Duration.ofNanos(latest.get()));
  }
}
