package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes writes without delay and brings them to a {@link RunStore} in the order in which they were
 * added. {@link #open} gives one.
 *
 * <p>A write is durable after {@link #flush()}, {@link #close()} or the options' max delay, 200 ms
 * by default: the store has it, or the spool on disk, from which this or the next process brings it
 * to the store. A killed process loses at most what was not durable yet, and of that always the
 * last. The store may get a write twice, as when its answer was lost; writes allow that.
 *
 * <p>Callers wait for the store only when memory and the spool are full; an interrupt does not end
 * that wait, the write is made and the thread still is interrupted. A caller that waits while the
 * outbox is closed gets the {@link IllegalStateException}, and its write is not made.
 *
 * <p>Thread-safe. Whoever opened it closes it, before the store. It has two daemon threads.
 */
public final class Outbox implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final long PAUSE_AFTER_BUG = TimeUnit.SECONDS.toNanos(1);

  private final OutboxOptions options;
  private final Buffer buffer;
  private final Backlog backlog;
  private final BatchWriter writer;
  private final Sender sender;

  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger threads = new AtomicInteger(2);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean running = true;

  private Outbox(RunStore store, OutboxOptions options, Spool own, List<Spool> adopted, long now) {
    this.options = options;
    this.buffer = new Buffer(options.memoryBytes(), options.batchBytes());
    this.backlog = new Backlog(buffer, own, adopted);
    this.writer = new BatchWriter(buffer, backlog, options.maxDelay(), now);
    Backoff backoff =
        new Backoff(options.minBackoff(), options.maxBackoff(), new SplittableRandom());
    this.sender = new Sender(backlog, store, backoff, options.refusals());
  }

  /**
   * Opens an outbox. What processes that were killed left in the folder is sent first.
   *
   * @param store where everything goes
   * @param spoolFolder for this store alone, on a local disk; many processes may share it
   * @throws SpoolException when the folder cannot be made or locked
   */
  public static Outbox open(RunStore store, Path spoolFolder, OutboxOptions options) {
    Outbox outbox = assemble(store, spoolFolder, options, System.nanoTime());
    outbox.start("shelfmark-outbox-writer", outbox::write);
    outbox.start("shelfmark-outbox-sender", outbox::send);
    return outbox;
  }

  /** An outbox without threads: whoever has it takes the steps. */
  static Outbox assemble(RunStore store, Path spoolFolder, OutboxOptions options, long now) {
    Objects.requireNonNull(store, "store");
    Objects.requireNonNull(options, "options");
    try {
      // locked first, and so not among those that are adopted
      Spool own = Spool.create(spoolFolder, options.spoolBytes(), options.problems());
      try {
        List<Spool> adopted = Spool.adopt(spoolFolder, options.problems());
        return new Outbox(store, options, own, adopted, now);
      } catch (IOException | RuntimeException e) {
        own.close();
        throw e;
      }
    } catch (IOException e) {
      throw SpoolException.unreadable(spoolFolder, e);
    }
  }

  /**
   * Adds a write.
   *
   * @throws IllegalStateException when the outbox is closed
   */
  public void add(RunWrite write) {
    buffer.add(Objects.requireNonNull(write, "write"));
  }

  /**
   * Adds one point of a metric, at no more than the cost of a few stores.
   *
   * @param timeMillis since 1970-01-01T00:00Z
   * @throws IllegalStateException when the outbox is closed
   */
  public void metric(String runId, String key, double value, long step, long timeMillis) {
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(key, "key");
    buffer.metric(runId, key, value, step, timeMillis);
  }

  /** Waits, through interrupts, until everything is durable that was added before. */
  public void flush() {
    backlog.awaitDurable(buffer.press(), Long.MAX_VALUE);
  }

  /**
   * Waits, through interrupts, until everything is durable that was added before.
   *
   * @return false if it is not within this time
   */
  public boolean flush(Duration timeout) {
    return backlog.awaitDurable(buffer.press(), TimeUnit.NANOSECONDS.convert(timeout));
  }

  /**
   * Waits, through interrupts, until the store has everything that was added before, and all that
   * dead processes left.
   *
   * @return false if it has not within this time, and at once when the store is away
   */
  public boolean deliver(Duration timeout) {
    return backlog.awaitSent(buffer.press(), TimeUnit.NANOSECONDS.convert(timeout));
  }

  /**
   * Makes everything durable, gives the store the rest of the options' time to take it, and ends
   * the threads. What the store does not take stays in the spool for the next who opens. More calls
   * do nothing.
   *
   * @throws StoreUnavailableException when something could not be made durable and is lost
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    buffer.close();
    long end = buffer.press();
    long deadline = System.nanoTime() + options.closeTimeout().toNanos();
    backlog.awaitDurable(end, deadline - System.nanoTime());
    if (!backlog.awaitSent(end, deadline - System.nanoTime()) && backlog.isDurable(end)) {
      LOG.warn(
          "The outbox closes before the store took everything; the rest is in {} and is sent when the next outbox opens there",
          backlog.own().path());
    }
    running = false;
    buffer.wake();
    backlog.end();
    awaitThreads(Math.max(deadline - System.nanoTime(), TimeUnit.SECONDS.toNanos(1)));
    if (!backlog.isDurable(end)) {
      throw new StoreUnavailableException(
          "Cannot close the outbox: the last writes are not durable after %s, expected the store or the spool %s to take them (they are lost; see the log for what kept them)"
              .formatted(options.closeTimeout(), backlog.own().path()));
    }
  }

  /** Waits until the threads have ended, which a store that hangs may delay. */
  void awaitRelease() throws InterruptedException {
    released.await();
  }

  Buffer buffer() {
    return buffer;
  }

  BatchWriter writer() {
    return writer;
  }

  Sender sender() {
    return sender;
  }

  Backlog backlog() {
    return backlog;
  }

  private void start(String name, Runnable loop) {
    Thread thread =
        new Thread(
            () -> {
              try {
                loop.run();
              } finally {
                leave();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private void write() {
    while (running) {
      long wait = PAUSE_AFTER_BUG;
      try {
        wait = writer.step(System.nanoTime());
      } catch (RuntimeException | Error e) {
        LOG.error("The outbox could not gather what was logged; it tries again", e);
      }
      try {
        buffer.await(wait);
      } catch (InterruptedException e) {
        // nobody has a reason to; a file that is interrupted would be closed
      }
    }
  }

  private void send() {
    while (running) {
      // a store may leave an interrupt behind, which would close the spool's file
      Thread.interrupted();
      long wait = PAUSE_AFTER_BUG;
      try {
        wait = sender.step(System.nanoTime());
      } catch (RuntimeException | Error e) {
        LOG.error("The outbox could not send what was logged; it tries again", e);
      }
      try {
        if (wait == Sender.IDLE) {
          backlog.awaitFirst();
        } else if (wait > 0) {
          backlog.pause(wait);
        }
      } catch (InterruptedException e) {
        // as above
      }
    }
  }

  /** The thread that ends last releases the spools: none is taken over while one is at work. */
  private void leave() {
    if (threads.decrementAndGet() == 0) {
      try {
        backlog.close();
      } catch (IOException e) {
        LOG.warn("Cannot release the spool {}", backlog.own().path(), e);
      } finally {
        released.countDown();
      }
    }
  }

  private void awaitThreads(long nanos) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + nanos;
    while (true) {
      try {
        if (!released.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          LOG.warn(
              "The store does not return; the spool {} stays locked until it does",
              backlog.own().path());
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
