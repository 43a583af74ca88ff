package io.shelfmark.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells over HTTP whether a worker is alive and whether it can do steps: {@code /health/live} and
 * {@code /health/ready} answer 200 or 503 with a sentence. Beyond the loopback it wants a token.
 * Thread-safe; its owner closes it.
 */
final class HealthServer implements AutoCloseable {

  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;

  /** Requests at once; one that comes slowly has no more time than this. */
  static final int THREADS = 4;

  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(5);

  private final HttpServer server;
  private final Duration longest;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(THREADS, Threads.daemons("shelfmark-health"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Threads.daemons("shelfmark-health-timer"));
  private final Optional<byte[]> token;

  /** What is wrong; empty when nothing is. */
  @FunctionalInterface
  interface Check extends Supplier<Optional<String>> {}

  private HealthServer(HttpServer server, Optional<String> token, Duration longest) {
    this.server = server;
    this.longest = longest;
    this.token = token.map(text -> ("Bearer " + text).getBytes(UTF_8));
  }

  /**
   * Checks where it is to be.
   *
   * @throws IllegalArgumentException when others could ask it without a token, or there is no such
   *     host
   */
  static void require(InetSocketAddress address, Optional<String> token) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "Cannot tell health at %s: found no such host, expected one of this machine's addresses"
              .formatted(address.getHostString()));
    }
    if (token.isEmpty() && !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "Cannot tell health at %s: found no token, expected one beyond the loopback"
              .formatted(address));
    }
  }

  /**
   * Starts one; port 0 is a free one.
   *
   * @throws IllegalArgumentException as {@link #require}
   */
  static HealthServer start(
      InetSocketAddress address, Optional<String> token, Check live, Check ready)
      throws IOException {
    return start(address, token, live, ready, LONGEST_REQUEST);
  }

  static HealthServer start(
      InetSocketAddress address, Optional<String> token, Check live, Check ready, Duration longest)
      throws IOException {
    require(address, token);
    HealthServer health = new HealthServer(HttpServer.create(address, 0), token, longest);
    health.server.createContext("/health/live", exchange -> health.answer(exchange, live));
    health.server.createContext("/health/ready", exchange -> health.answer(exchange, ready));
    health.server.setExecutor(health::execute);
    health.server.start();
    return health;
  }

  /**
   * Who sends a request byte by byte holds a thread: the interrupt closes the connection, which is
   * a channel. The server's own limits are settings of the whole JVM.
   */
  private void execute(Runnable request) {
    threads.execute(
        () -> {
          Thread thread = Thread.currentThread();
          Future<?> limit =
              timer.schedule(thread::interrupt, longest.toNanos(), TimeUnit.NANOSECONDS);
          try {
            request.run();
          } finally {
            limit.cancel(false);
          }
        });
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange, Check check) throws IOException {
    try (exchange) {
      if (!isAllowed(exchange)) {
        send(exchange, UNAUTHORIZED, "a token is needed");
      } else if (!"GET".equals(exchange.getRequestMethod())) {
        send(exchange, NOT_ALLOWED, "GET only");
      } else {
        Optional<String> trouble = check.get();
        send(exchange, trouble.isEmpty() ? OK : UNAVAILABLE, trouble.orElse("ok"));
      }
    }
  }

  private boolean isAllowed(HttpExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    return token.isEmpty()
        || (given != null && MessageDigest.isEqual(token.get(), given.getBytes(UTF_8)));
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    timer.shutdownNow();
  }
}
