package io.shelfmark.cluster;

import com.zaxxer.hikari.HikariDataSource;
import io.shelfmark.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

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

  private final ClusterWorkerBuilder options;
  private final HikariDataSource pool;
  private final Workspace workspace;
  private final ClusterRunner runner;
  private final HealthServer health;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "shelfmark-worker-end");

  private ClusterWorker(
      ClusterWorkerBuilder options,
      HikariDataSource pool,
      Workspace workspace,
      ClusterRunner runner)
      throws IOException {
    this.options = options;
    this.pool = pool;
    this.workspace = workspace;
    this.runner = runner;
    this.health =
        HealthServer.start(
            options.healthAddress(), options.healthToken(), Optional::empty, this::trouble);
    Runtime.getRuntime().addShutdownHook(hook);
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
    HikariDataSource pool = options.pool();
    Workspace workspace = options.workspace();
    ClusterRunner runner = options.open(pool, workspace);
    try {
      return new ClusterWorker(options, pool, workspace, runner);
    } catch (IOException e) {
      runner.close();
      workspace.close();
      pool.close();
      throw new UncheckedIOException(
          "Cannot tell health at %s: found %s, expected a free port"
              .formatted(options.healthAddress(), e.getMessage()),
          e);
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

  private Optional<String> trouble() {
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
    runner.drain(options.drainLimit());
    runner.close();
    workspace.close();
    pool.close();
    health.close();
    ended.countDown();
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
