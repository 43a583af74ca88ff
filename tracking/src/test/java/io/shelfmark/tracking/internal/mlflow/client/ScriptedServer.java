package io.shelfmark.tracking.internal.mlflow.client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;

/**
 * A server that gives prepared answers in their order. Which server it is it tells without being
 * prepared; such questions are not among its requests.
 */
final class ScriptedServer implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  final FakeTime time = new FakeTime();
  private final MockWebServer web = new MockWebServer();
  private final Queue<MockResponse> answers = new ArrayDeque<>();
  private final List<RecordedRequest> requests = new ArrayList<>();
  private final String version;
  private final boolean isShelfmark;

  private ScriptedServer(String version, boolean isShelfmark) throws IOException {
    this.version = version;
    this.isShelfmark = isShelfmark;
    web.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
    web.start();
  }

  static ScriptedServer mlflow(String version) throws IOException {
    return new ScriptedServer(version, false);
  }

  static ScriptedServer shelfmark() throws IOException {
    return new ScriptedServer("3.11.1", true);
  }

  private synchronized MockResponse answer(RecordedRequest request) {
    String path = request.getUrl().encodedPath();
    if (path.equals("/version")) {
      return json(200, version);
    }
    if (path.equals("/api/3.0/mlflow/server-info")) {
      return isShelfmark ? json(200, "{\"shelfmark\":\"0.1.0\"}") : json(404, "<html>");
    }
    requests.add(request);
    MockResponse next = answers.poll();
    return next == null ? json(418, "no answer was prepared") : next;
  }

  static MockResponse json(int code, String body) {
    return new MockResponse.Builder().code(code).body(body).build();
  }

  static MockResponse refusal(int code, String errorCode, String message) {
    return json(code, "{\"error_code\":\"%s\",\"message\":\"%s\"}".formatted(errorCode, message));
  }

  /** The request arrives and is not answered. */
  static MockResponse lost() {
    return new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
  }

  ScriptedServer then(String body) {
    return then(json(200, body));
  }

  synchronized ScriptedServer then(MockResponse answer) {
    answers.add(answer);
    return this;
  }

  /** The requests as text: method, target and body. */
  synchronized List<String> sent() {
    return requests.stream()
        .map(
            request ->
                (request.getMethod()
                        + " "
                        + request.getTarget()
                        + " "
                        + (request.getBody() == null ? "" : request.getBody().utf8()))
                    .strip())
        .toList();
  }

  synchronized RecordedRequest request(int index) {
    return requests.get(index);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + web.getPort());
  }

  String host() {
    return "127.0.0.1:" + web.getPort();
  }

  RestTrackingStore open() {
    return open(Credentials.NONE);
  }

  RestTrackingStore open(Credentials credentials) {
    return open(credentials, Long.MAX_VALUE, Optional.empty());
  }

  RestTrackingStore open(Duration timeout) {
    return open(Credentials.NONE, timeout, Long.MAX_VALUE, Optional.empty());
  }

  RestTrackingStore open(Credentials credentials, long multipartFrom, Optional<Path> shared) {
    return open(credentials, Duration.ofSeconds(20), multipartFrom, shared);
  }

  private RestTrackingStore open(
      Credentials credentials, Duration timeout, long multipartFrom, Optional<Path> shared) {
    ClientSettings settings =
        new ClientSettings(
            address(),
            credentials,
            timeout,
            Duration.ofSeconds(60),
            multipartFrom,
            shared,
            Map.of());
    return new RestTrackingStore(
        settings, new Requests(settings, time, time, Clock.fixed(NOW, ZoneOffset.UTC)));
  }

  @Override
  public void close() {
    web.close();
  }
}
