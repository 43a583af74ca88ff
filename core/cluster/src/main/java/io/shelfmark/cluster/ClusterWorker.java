package io.shelfmark.cluster;

import com.zaxxer.hikari.HikariDataSource;
import io.shelfmark.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that does steps, set by its environment, for a host's own main class:
 *
 * <pre>{@code
 * public static void main(String[] args) throws InterruptedException {
 *   try (ClusterWorker worker =
 *       ClusterWorker.configured(System.getenv()).pipeline(nightly).pipeline(bulk).start()) {
 *     worker.awaitEnd();
 *   }
 * }
 * }</pre>
 *
 * <p>On SIGTERM, and when it is closed, it takes no more steps, waits for those that it has begun
 * for up to 60 s (an option), interrupts the rest, which other processes take over at once, and
 * closes what it opened. Meanwhile it is alive but not ready. Thread-safe.
 */
public final class ClusterWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterWorker.class);

  private final ClusterWorkerBuilder options;
  private final ClusterRunner runner;
  private final HealthServer health;

  /** What it has open, in the order in which that is closed. */
  private final List<AutoCloseable> open;

  private final AtomicBoolean closing;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "shelfmark-worker-end");

  private ClusterWorker(
      ClusterWorkerBuilder options,
      ClusterRunner runner,
      HealthServer health,
      List<AutoCloseable> open,
      AtomicBoolean closing) {
    this.options = options;
    this.runner = runner;
    this.health = health;
    this.open = List.copyOf(open);
    this.closing = closing;
  }

  /**
   * Begins with environment variables: {@code SHELFMARK_DATABASE} (a JDBC URL), {@code
   * SHELFMARK_STORE} (the address of the store) and {@code SHELFMARK_QUEUES} (such as {@code
   * default=4,gpu=1}) are needed; docs/cluster-operations.md lists the others.
   *
   * @throws IllegalArgumentException when one is missing or cannot be understood; the message says
   *     which
   */
  public static ClusterWorkerBuilder configured(Map<String, String> environment) {
    return new ClusterWorkerBuilder(environment);
  }

  static ClusterWorker start(ClusterWorkerBuilder options) {
    List<AutoCloseable> open = new ArrayList<>();
    try {
      HikariDataSource pool = options.pool();
      open.add(0, pool);
      Workspace workspace = options.workspace();
      open.add(0, workspace);
      ClusterRunner runner = options.open(pool, workspace);
      open.add(0, runner);
      AtomicBoolean closing = new AtomicBoolean();
      HealthServer health =
          HealthServer.start(
              options.healthAddress(),
              options.healthToken(),
              Optional::empty,
              () -> trouble(closing, runner));
      // until all else is closed it tells that the worker ends
      open.add(health);
      ClusterWorker worker = new ClusterWorker(options, runner, health, open, closing);
      Runtime.getRuntime().addShutdownHook(worker.hook);
      return worker;
    } catch (IOException e) {
      closeAll(open, e);
      throw new UncheckedIOException(
          "Cannot tell health at %s: found %s, expected a free port"
              .formatted(options.healthAddress(), e.getMessage()),
          e);
    } catch (RuntimeException | Error e) {
      closeAll(open, e);
      throw e;
    }
  }

  private static void closeAll(List<AutoCloseable> open, Throwable cause) {
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (Exception e) {
        cause.addSuppressed(e);
      }
    }
  }

  /** The runner that it is, to start and watch runs with. It stays the worker's. */
  public ClusterRunner runner() {
    return runner;
  }

  /** Where it tells its health. */
  public int healthPort() {
    return health.port();
  }

  private static Optional<String> trouble(AtomicBoolean closing, ClusterRunner runner) {
    return closing.get()
        ? Optional.of("it is ending")
        : runner.isInTouch() ? Optional.empty() : Optional.of("the database does not answer");
  }

  /** Waits until it has ended, by SIGTERM or {@link #close}. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  private void end() {
    if (closing.getAndSet(true)) {
      return;
    }
    try {
      runner.drain(options.drainLimit());
    } catch (RuntimeException e) {
      LOG.warn("The worker cannot wait for its steps; they go to others", e);
    } finally {
      closeEach();
      ended.countDown();
    }
  }

  /** What cannot be closed does not keep the rest open. */
  private void closeEach() {
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (Exception e) {
        LOG.warn("A part of the worker cannot be closed", e);
      }
    }
  }

  @Override
  public void close() {
    if (!closing.get()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // the process ends: the hook does it, and here it is waited for
      }
    }
    end();
    try {
      awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
