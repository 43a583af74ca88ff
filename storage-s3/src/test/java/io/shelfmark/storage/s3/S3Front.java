package io.shelfmark.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * A network in front of a server: it counts requests, loses and breaks replies, and answers in the
 * server's place, as a test wishes. It also makes writes of one key wait for each other, because
 * s3proxy looks before it writes under {@code If-Match}.
 */
final class S3Front implements AutoCloseable {

  static {
    // otherwise every small reply waits for the client's delayed acknowledgement
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final Set<String> NOT_FORWARDED =
      Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding");

  /** A request as it arrived; the query is empty where there is none. */
  record Call(String method, String path, String query, Map<String, String> headers, byte[] body) {

    boolean is(String method, String pathEnd) {
      return this.method.equals(method) && path.endsWith(pathEnd);
    }

    boolean isPart() {
      return method.equals("PUT") && query.contains("partNumber=");
    }

    boolean isCompletion() {
      return method.equals("POST") && query.contains("uploadId=");
    }

    boolean isProbe() {
      return path.contains("/.shelfmark/");
    }

    Call without(String... names) {
      Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      kept.putAll(headers);
      for (String name : names) {
        kept.remove(name);
      }
      return new Call(method, path, query, kept, body);
    }

    Call with(String name, String value) {
      Call changed = without(name);
      changed.headers().put(name, value);
      return changed;
    }
  }

  /** What goes back: a status of 0 closes the connection, and so does a body that is cut. */
  record Reply(int status, Map<String, String> headers, byte[] body, int sent) {

    static final Reply LOST = new Reply(0, Map.of(), new byte[0], 0);

    static Reply error(int status, String code, String message) {
      String xml =
          "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
              .formatted(code, message);
      byte[] body = xml.getBytes(UTF_8);
      return new Reply(status, Map.of("Content-Type", "application/xml"), body, body.length);
    }

    String text() {
      return new String(body, UTF_8);
    }

    Reply withBody(String text) {
      byte[] bytes = text.getBytes(UTF_8);
      return new Reply(status, headers, bytes, bytes.length);
    }

    Reply without(String name) {
      Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      kept.putAll(headers);
      kept.remove(name);
      return new Reply(status, kept, body, sent);
    }

    Reply cutAfter(int bytes) {
      return new Reply(status, headers, body, bytes);
    }

    Reply with(String name, String value) {
      Map<String, String> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      changed.putAll(headers);
      changed.put(name, value);
      return new Reply(status, changed, body, sent);
    }
  }

  /** The way to the server. */
  interface Server {
    Reply forward(Call call) throws Exception;
  }

  /** What happens to requests. */
  interface Behavior {
    Reply answer(Call call, Server server) throws Exception;
  }

  private final URI server;
  private final HttpServer front;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final ReentrantLock[] writers =
      IntStream.range(0, 64).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Behavior behavior = (call, to) -> to.forward(call);
  private volatile boolean keepsCalls = true;

  S3Front(URI server) throws IOException {
    this.server = server;
    front = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 256);
    front.setExecutor(executor);
    front.createContext("/", this::handle);
    front.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + front.getAddress().getPort());
  }

  /** From now on requests are answered so. */
  void behave(Behavior behavior) {
    this.behavior = behavior;
  }

  /** From now on nobody asks what arrived: it would fill the memory of one who serves for long. */
  void keepNoCalls() {
    keepsCalls = false;
  }

  /** What has arrived since the last call of this. */
  List<Call> takeCalls() {
    List<Call> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI uri = exchange.getRequestURI();
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
      Call call =
          new Call(
              exchange.getRequestMethod(),
              uri.getRawPath(),
              uri.getRawQuery() == null ? "" : uri.getRawQuery(),
              headers,
              exchange.getRequestBody().readAllBytes());
      if (keepsCalls) {
        calls.add(call);
      }
      Reply reply = behavior.answer(call, this::forward);
      if (reply.status() == 0) {
        return;
      }
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      if (call.method().equals("HEAD") || reply.body().length == 0) {
        exchange.sendResponseHeaders(reply.status(), -1);
      } else {
        exchange.sendResponseHeaders(reply.status(), reply.body().length);
        exchange.getResponseBody().write(reply.body(), 0, reply.sent());
      }
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private Reply forward(Call call) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    server + call.path() + (call.query().isEmpty() ? "" : "?" + call.query())))
            .method(call.method(), BodyPublishers.ofByteArray(call.body()));
    call.headers()
        .forEach(
            (name, value) -> {
              if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, value);
              }
            });
    ReentrantLock writer = writers[Math.floorMod(call.path().hashCode(), writers.length)];
    boolean writes = call.method().equals("PUT") || call.method().equals("POST");
    if (writes && !call.isPart()) {
      writer.lock();
    }
    try {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      response
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!name.equalsIgnoreCase("transfer-encoding")
                    && !(name.equalsIgnoreCase("content-length")
                        && !call.method().equals("HEAD"))) {
                  headers.put(name, values.get(0));
                }
              });
      return new Reply(response.statusCode(), headers, response.body(), response.body().length);
    } finally {
      if (writer.isHeldByCurrentThread()) {
        writer.unlock();
      }
    }
  }

  @Override
  public void close() {
    front.stop(0);
    executor.shutdownNow();
  }
}
