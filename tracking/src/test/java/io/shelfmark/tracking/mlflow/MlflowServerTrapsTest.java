package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP may bring before it comes to records: bodies, methods, addresses, strangers. */
class MlflowServerTrapsTest {

  private static final String CREATE = "/api/2.0/mlflow/experiments/create";

  @TempDir static Path folder;
  private static ServedWorkspace served;
  private static HttpCalls http;

  @BeforeAll
  static void open() {
    served =
        new ServedWorkspace(folder, store -> MlflowServlet.builder(store).bodyLimit(5000).build());
    http = new HttpCalls(served.host().uri());
  }

  @AfterAll
  static void close() {
    served.close();
  }

  private static HttpCalls.Reply create(String type, String body) {
    return http.send("POST", CREATE, body.getBytes(StandardCharsets.UTF_8), "Content-Type", type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonx"})
  void post_contentTypeOtherThanJson_badRequest(String type) {
    HttpCalls.Reply reply = create(type, "{\"name\":\"a\"}");

    assertThat(reply.refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(reply.json().path("message").asText()).contains("application/json").contains(type);
  }

  @Test
  void post_noContentType_badRequest() {
    assertThat(http.send("POST", CREATE, "{}".getBytes(StandardCharsets.UTF_8)).refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void post_contentTypeWithCharset_isTaken() {
    assertThat(create("Application/JSON; charset=utf-8", "{\"name\":\"charset\"}").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"name\":}", "[]", "7", "{\"name\":\"a\"} x", "\"text\"", "nul"})
  void post_malformedJson_badRequestAsMlflowShapesIt(String body) {
    HttpCalls.Reply reply = create("application/json", body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.header("Content-Type")).startsWith("application/json");
    assertThat(reply.json().path("error_code").asText()).isEqualTo("INVALID_PARAMETER_VALUE");
    assertThat(reply.json().path("message").asText()).isNotEmpty();
  }

  @Test
  void post_bytesThatAreNoText_badRequest() {
    byte[] body = {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'};

    assertThat(http.send("POST", CREATE, body, "Content-Type", "application/json").refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void post_nestedTooDeep_badRequest() {
    assertThat(create("application/json", "[".repeat(4000)).refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void post_objectSentAsText_isTakenAsOldClientsMeanIt() {
    assertThat(create("application/json", "\"{\\\"name\\\":\\\"encoded twice\\\"}\"").status())
        .isEqualTo(200);
  }

  @Test
  void post_noBody_missesItsFields() {
    HttpCalls.Reply reply = create("application/json", "");

    assertThat(reply.refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(reply.json().path("message").asText())
        .isEqualTo("Missing value for required parameter 'name'.");
  }

  @Test
  void post_bodyOverTheLimit_isRefused() {
    HttpCalls.Reply reply = create("application/json", "{\"name\":\"" + "n".repeat(5000) + "\"}");

    assertThat(reply.refusal()).isEqualTo("413 INVALID_PARAMETER_VALUE");
    assertThat(reply.json().path("message").asText()).contains("5000 bytes");
  }

  @Test
  void refusal_ofABodyThatIsNotReadThrough_endsTheConnection() throws IOException {
    String line = "POST " + CREATE + " HTTP/1.1";
    String type = "Content-Type: text/plain\r\nContent-Length: ";

    assertThat(raw(line, type + "4", "text")).startsWith("HTTP/1.1 400 ").contains("text/plain");
    assertThat(raw(line, "Expect: 100-continue\r\n" + type + "4", ""))
        .startsWith("HTTP/1.1 400 ")
        .contains("Connection: close");
  }

  @Test
  void post_chunkedBodyOverTheLimit_isRefused() throws IOException {
    String chunk = "a".repeat(1000);
    String body = ("3e8\r\n" + chunk + "\r\n").repeat(6) + "0\r\n\r\n";

    assertThat(
            raw(
                "POST " + CREATE + " HTTP/1.1",
                "Content-Type: application/json\r\nTransfer-Encoding: chunked",
                body))
        .startsWith("HTTP/1.1 413 ");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/2.0/mlflow/none, 404 ENDPOINT_NOT_FOUND",
    "GET, /api/9.9/mlflow/runs/get, 404 ENDPOINT_NOT_FOUND",
    "GET, /api/mlflow/runs/get, 404 ENDPOINT_NOT_FOUND",
    "GET, /api, 404 ENDPOINT_NOT_FOUND",
    "GET, /none, 404 ENDPOINT_NOT_FOUND",
    "GET, /api/2.0/mlflow/runs/create, 405 ENDPOINT_NOT_FOUND",
    "PATCH, /health, 405 ENDPOINT_NOT_FOUND"
  })
  void address_unknownOrByAnotherMethod_isRefusedInJson(
      String method, String path, String refusal) {
    assertThat(http.send(method, path, new byte[0]).refusal()).isEqualTo(refusal);
  }

  @Test
  void address_byAnotherMethod_namesTheAllowed() {
    assertThat(
            http.send("PUT", "/api/2.0/mlflow/registered-models/alias", new byte[0])
                .header("Allow"))
        .isEqualTo("POST, GET, DELETE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/2.0/mlflow/runs/../runs/get",
        "/api/2.0/mlflow/runs/%2e%2e/get",
        "/api/2.0/mlflow/runs/%zz/get"
      })
  void address_thatClimbsOrCannotBeDecoded_badRequest(String path) throws IOException {
    assertThat(raw("GET " + path + " HTTP/1.1", "Accept: */*", "")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void answer_short_comesWithItsLength() {
    assertThat(http.get("/api/2.0/mlflow/experiments/get?experiment_id=0").header("Content-Length"))
        .isNotEmpty();
  }

  @Test
  void query_thatCannotBeDecoded_badRequest() throws IOException {
    assertThat(raw("GET /api/2.0/mlflow/runs/get?run_id=%zz HTTP/1.1", "Accept: */*", ""))
        .startsWith("HTTP/1.1 400 ")
        .contains("INVALID_PARAMETER_VALUE");
  }

  @Test
  void server_askedForItself_tellsHealthVersionAndStore() {
    assertThat(http.get("/health").text()).isEqualTo("OK");
    assertThat(http.get("/version").text()).matches("3\\.[0-9]+\\.[0-9]+");
    assertThat(http.get("/api/3.0/mlflow/server-info").json().path("store_type").asText())
        .isEqualTo("SqlStore");
    assertThat(http.get("/api/3.0/mlflow/server-info").json().path("shelfmark").asText())
        .isEqualTo("1");
  }

  @Test
  void head_ofWhatCanBeGot_hasItsHeadersAlone() {
    HttpCalls.Reply reply = http.send("HEAD", "/health", new byte[0]);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tracking.example.com", "10.0.0.7:5000", "localhost.example.com", "a b"})
  void loopback_requestThatAsksForAnotherHost_isRefused(String host) throws IOException {
    String answer =
        rawFor(host, "GET /api/2.0/mlflow/experiments/search HTTP/1.1", "Accept: */*", "");

    assertThat(answer).matches("(?s)HTTP/1\\.1 40[03] .*");
    assertThat(answer).doesNotContain("experiments\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:5000", "127.0.0.1:1", "[::1]:5000"})
  void loopback_requestThatAsksForThisMachine_isAnswered(String host) throws IOException {
    assertThat(rawFor(host, "GET /api/2.0/mlflow/experiments/search HTTP/1.1", "Accept: */*", ""))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void servlet_mappedToAFolder_answersBelowItAndLeadsToItsPage() {
    try (MlflowHost host =
        MlflowHost.mounting(MlflowServlet.over(served.store()), "/tools/mlflow")) {
      HttpCalls below = new HttpCalls(host.uri());

      assertThat(below.get("/health").text()).isEqualTo("OK");
      assertThat(below.get("/api/2.0/mlflow/experiments/get?experiment_id=0").status())
          .isEqualTo(200);
      HttpCalls.Reply moved = below.get("");
      assertThat(moved.status()).isEqualTo(302);
      assertThat(moved.header("Location")).endsWith("/tools/mlflow/");
    }
  }

  @Test
  void page_ofTheServlet_isAnsweredWithAPolicyAndItsFiles() {
    HttpCalls.Reply page = http.get("/");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'self'");
    assertThat(http.get("/page/none.js").refusal()).isEqualTo("404 ENDPOINT_NOT_FOUND");
    assertThat(http.get("/page/..%2findex.html").status()).isEqualTo(404);
  }

  private static String raw(String line, String headers, String body) throws IOException {
    return rawFor("127.0.0.1", line, headers, body);
  }

  /** Sends what an HTTP client would not. */
  private static String rawFor(String host, String line, String headers, String body)
      throws IOException {
    URI uri = served.host().uri();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), 10_000);
      socket.setSoTimeout(10_000);
      String request =
          "%s\r\nHost: %s\r\nConnection: close\r\n%s\r\n\r\n%s"
              .formatted(line, host, headers, body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
