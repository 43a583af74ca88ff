package io.shelfmark.inference.rollout;

import io.shelfmark.inference.PriceTagRecognizer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version's recognizer and how many hold it: the traffic that names it, and each photo that it
 * reads. Whoever lets go last has it closed.
 *
 * <p>The count is one atomic number. Two changes of it a photo cost tens of nanoseconds even when
 * all cores make them at once, and a photo takes milliseconds; a lock, or a read lock, would be the
 * same number with a queue of threads behind it, which a swap would have to pass. A striped counter
 * cannot tell its end: its sum is no single moment's.
 *
 * <p>Thread-safe.
 */
final class ModelVersion {

  private static final Logger LOG = LoggerFactory.getLogger(ModelVersion.class);

  private final String name;
  private final PriceTagRecognizer recognizer;
  private final Consumer<ModelVersion> whenClosed;
  private final Executor closers;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /** Held once, by the caller, who lets go with {@link #release}. */
  ModelVersion(String name, PriceTagRecognizer recognizer, Consumer<ModelVersion> whenClosed) {
    this(name, recognizer, whenClosed, task -> daemon(task, name).start());
  }

  /** The same that is closed on other threads. */
  ModelVersion(
      String name,
      PriceTagRecognizer recognizer,
      Consumer<ModelVersion> whenClosed,
      Executor closers) {
    this.name = name;
    this.recognizer = recognizer;
    this.whenClosed = whenClosed;
    this.closers = closers;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, "shelfmark-close-" + name);
    thread.setDaemon(true);
    return thread;
  }

  String name() {
    return name;
  }

  PriceTagRecognizer recognizer() {
    return recognizer;
  }

  /** Holds it for a photo; false when all have let go, and it never comes back. */
  boolean acquire() {
    int seen = holders.get();
    while (seen > 0) {
      if (holders.compareAndSet(seen, seen + 1)) {
        return true;
      }
      seen = holders.get();
    }
    return false;
  }

  /**
   * Lets go. The last one begins the close and does not wait for it: it may be a request's thread,
   * or one of the recognizer's own, which a close may have to wait for.
   */
  void release() {
    if (holders.decrementAndGet() == 0) {
      try {
        closers.execute(this::close);
      } catch (OutOfMemoryError e) {
        // the system has no thread to spare: better a photo that waits than a version for ever
        close();
      }
    }
  }

  /** Waits until it is closed. */
  void awaitClosed() {
    closed.join();
  }

  private void close() {
    try {
      recognizer.close();
    } catch (RuntimeException | Error e) {
      LOG.warn("Cannot close models {}: their memory may not be freed", name, e);
    } finally {
      whenClosed.accept(this);
      closed.complete(null);
    }
  }
}
