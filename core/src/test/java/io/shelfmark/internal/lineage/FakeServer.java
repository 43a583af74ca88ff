package io.shelfmark.internal.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server on loopback that takes events and answers as it is told, else with 201. */
final class FakeServer implements AutoCloseable {

  /** Answers a request. */
  interface Answer {
    void to(HttpExchange exchange) throws Exception;
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Deque<Answer> next = new ArrayDeque<>();
  final List<String> keys = Collections.synchronizedList(new ArrayList<>());

  /** Bodies that were answered with 2xx. */
  final BlockingQueue<String> taken = new LinkedBlockingQueue<>();

  private final HttpServer server;

  FakeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/api/v1/lineage", this::handle);
    server.start();
  }

  static Answer status(int code) {
    return exchange -> exchange.sendResponseHeaders(code, -1);
  }

  /** The connection ends in the middle of the headers. */
  static Answer drop() {
    return HttpExchange::close;
  }

  synchronized void answers(Answer... answers) {
    next.addAll(List.of(answers));
  }

  private synchronized Answer next() {
    Answer answer = next.poll();
    return answer == null ? status(201) : answer;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      Answer answer = next();
      synchronized (taken) { // the next request may come before this one is noted
        answer.to(exchange);
        if (exchange.getResponseCode() / 100 == 2) {
          taken.add(body);
        }
      }
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  URI uri() {
    return URI.create(
        "http://127.0.0.1:%d/api/v1/lineage".formatted(server.getAddress().getPort()));
  }

  List<String> take(int count) throws InterruptedException {
    List<String> events = new ArrayList<>();
    while (events.size() < count) {
      String event = taken.poll(20, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("only these came: " + events);
      }
      events.add(event);
    }
    return events;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
