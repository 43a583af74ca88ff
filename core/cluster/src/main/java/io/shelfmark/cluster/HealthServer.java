package io.shelfmark.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

  private final HttpServer server;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Threads.daemons("shelfmark-health"));
  private final Optional<byte[]> token;

  /** What is wrong; empty when nothing is. */
  @FunctionalInterface
  interface Check extends Supplier<Optional<String>> {}

  private HealthServer(HttpServer server, Optional<String> token) {
    this.server = server;
    this.token = token.map(text -> ("Bearer " + text).getBytes(UTF_8));
  }

  /**
   * Starts one; port 0 is a free one.
   *
   * @throws IllegalArgumentException when others could ask it without a token
   */
  static HealthServer start(
      InetSocketAddress address, Optional<String> token, Check live, Check ready)
      throws IOException {
    if (token.isEmpty() && !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "Cannot tell health at %s: found no token, expected one beyond the loopback"
              .formatted(address));
    }
    HealthServer health = new HealthServer(HttpServer.create(address, 0), token);
    health.server.createContext("/health/live", exchange -> health.answer(exchange, live));
    health.server.createContext("/health/ready", exchange -> health.answer(exchange, ready));
    health.server.setExecutor(health.thread);
    health.server.start();
    return health;
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
    thread.shutdownNow();
  }
}
