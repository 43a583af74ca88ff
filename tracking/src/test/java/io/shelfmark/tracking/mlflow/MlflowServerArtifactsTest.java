package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The artifact proxy, and the artifacts of a run. */
class MlflowServerArtifactsTest {

  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";

  @TempDir static Path folder;
  private static ServedWorkspace served;
  private static HttpCalls http;
  private String run;
  private String at;

  @BeforeAll
  static void open() {
    served =
        new ServedWorkspace(
            folder, store -> MlflowServlet.builder(store).uploadLimit(100_000).build());
    http = new HttpCalls(served.host().uri());
  }

  @AfterAll
  static void close() {
    served.close();
  }

  @BeforeEach
  void createRun() {
    run =
        http.post("/api/2.0/mlflow/runs/create", "{\"experiment_id\":\"0\"}")
            .json()
            .at("/run/info/run_id")
            .asText();
    at = PROXY + "/0/" + run + "/artifacts/";
  }

  private HttpCalls.Reply put(String path, String content) {
    return http.send("PUT", at + path, content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void artifact_putListedReadDeleted_isWhatItWas() {
    assertThat(put("plots/Ω%20curve.txt", "0123456789").text()).isEqualTo("{}");

    assertThat(http.get(PROXY + "?path=0/" + run + "/artifacts/plots").text())
        .isEqualTo("{\"files\":[{\"path\":\"Ω curve.txt\",\"is_dir\":false,\"file_size\":10}]}");
    assertThat(http.get("/api/2.0/mlflow/artifacts/list?run_id=" + run).text())
        .isEqualTo(
            "{\"root_uri\":\"mlflow-artifacts:/0/%s/artifacts\",\"files\":[{\"path\":\"plots\",\"is_dir\":true}]}"
                .formatted(run));
    assertThat(
            http.get("/api/2.0/mlflow/artifacts/list?path=plots&run_id=" + run)
                .json()
                .at("/files/0/path")
                .asText())
        .isEqualTo("plots/Ω curve.txt");
    assertThat(http.get(at + "plots/Ω%20curve.txt").text()).isEqualTo("0123456789");

    assertThat(http.send("DELETE", at + "plots/Ω%20curve.txt", new byte[0]).status())
        .isEqualTo(200);
    assertThat(http.get(at + "plots/Ω%20curve.txt").refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(http.get(PROXY + "?path=0/" + run + "/artifacts").text())
        .isEqualTo("{\"files\":[]}");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-3, 0123, bytes 0-3/10",
    "bytes=4-, 456789, bytes 4-9/10",
    "bytes=-3, 789, bytes 7-9/10",
    "bytes=8-99, 89, bytes 8-9/10",
    "bytes=-99, 0123456789, bytes 0-9/10"
  })
  void artifact_rangeAsked_partialContent(String range, String content, String header) {
    put("a.bin", "0123456789");

    HttpCalls.Reply reply = http.get(at + "a.bin", "Range", range);

    assertThat(reply.status()).isEqualTo(206);
    assertThat(reply.text()).isEqualTo(content);
    assertThat(reply.header("Content-Range")).isEqualTo(header);
    assertThat(reply.header("Content-Length")).isEqualTo("" + content.length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=10-12", "bytes=-0"})
  void artifact_rangeBeyondTheFile_isNotSatisfiable(String range) {
    put("a.bin", "0123456789");

    HttpCalls.Reply reply = http.get(at + "a.bin", "Range", range);

    assertThat(reply.refusal()).isEqualTo("416 INVALID_PARAMETER_VALUE");
    assertThat(reply.header("Content-Range")).isEqualTo("bytes */10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=3-1", "bytes=0-1,4-5", "lines=1-2", "bytes=x"})
  void artifact_rangeThatIsNone_wholeFile(String range) {
    put("a.bin", "0123456789");

    HttpCalls.Reply reply = http.get(at + "a.bin", "Range", range);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("0123456789");
    assertThat(reply.header("Accept-Ranges")).isEqualTo("bytes");
  }

  @Test
  void artifact_ofRun_isSavedAndNeverRunsAsAPage() {
    put("evil.html", "<script>alert(1)</script>");

    HttpCalls.Reply reply = http.get("/get-artifact?path=evil.html&run_id=" + run);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("<script>alert(1)</script>");
    assertThat(reply.header("Content-Disposition"))
        .isEqualTo("attachment; filename*=UTF-8''evil.html");
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void artifact_headAsked_hasItsLengthAlone() {
    put("a.bin", "0123456789");

    HttpCalls.Reply reply = http.send("HEAD", at + "a.bin", new byte[0]);

    assertThat(reply.header("Content-Length")).isEqualTo("10");
    assertThat(reply.text()).isEmpty();
  }

  @Test
  void artifact_empty_isStoredAndRead() {
    put("empty.txt", "");

    HttpCalls.Reply reply = http.get(at + "empty.txt");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../other.txt",
        "%2e%2e/other.txt",
        "%2E%2E%2Fother.txt",
        "a/%252e%252e/other.txt",
        "a%5C..%5Cb",
        "a%2Fb"
      })
  void artifact_pathThatClimbsOut_badRequestForEveryMethod(String path) {
    assertThat(put(path, "x").refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(http.get(at + path).refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(http.send("DELETE", at + path, new byte[0]).refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../..",
        "%2e%2e",
        "%252e%252e/x",
        "/etc/passwd",
        "a/../../b",
        "C:/x",
        "a%5Cb",
        "a%00b"
      })
  void artifact_queryThatClimbsOut_badRequest(String path) {
    assertThat(http.get(PROXY + "?path=" + path).refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(http.get("/api/2.0/mlflow/artifacts/list?run_id=" + run + "&path=" + path).refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(http.get("/get-artifact?run_id=" + run + "&path=" + path).refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE"})
  void artifact_withoutPath_badRequest(String method) {
    assertThat(http.send(method, PROXY + "/", new byte[0]).refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void artifact_overTheLimit_isRefusedAndNotStored() {
    assertThat(put("big.bin", "b".repeat(100_001)).refusal())
        .isEqualTo("413 INVALID_PARAMETER_VALUE");

    assertThat(http.get(at + "big.bin").status()).isEqualTo(404);
    assertThat(put("big.bin", "b".repeat(100_000)).status()).isEqualTo(200);
  }

  @Test
  void artifact_streamedWithoutLengthOverTheLimit_isRefusedAndNotStored() {
    assertThat(http.stream("PUT", at + "big.bin", new byte[100_001]).refusal())
        .isEqualTo("413 INVALID_PARAMETER_VALUE");
    assertThat(http.get(at + "big.bin").status()).isEqualTo(404);

    assertThat(http.stream("PUT", at + "big.bin", new byte[100_000]).status()).isEqualTo(200);
    assertThat(http.get(at + "big.bin").header("Content-Length")).isEqualTo("100000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "complete", "abort"})
  void multipart_onThisStore_isNotImplemented(String step) {
    HttpCalls.Reply reply =
        http.post(
            "/api/2.0/mlflow-artifacts/mpu/" + step + "/0/" + run + "/artifacts/a.bin",
            "{\"path\":\"a.bin\",\"num_parts\":2}");

    assertThat(reply.refusal()).isEqualTo("501 NOT_IMPLEMENTED");
  }

  @Test
  void artifact_uploadThatBreaksOff_isNotStored() throws IOException {
    put("a.bin", "before");
    URI uri = served.host().uri();
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      String head =
          "PUT %sa.bin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf"
              .formatted(at);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      socket.setSoTimeout(10_000);
      // the server has dealt with it once it answers or closes
      socket.getInputStream().readAllBytes();
    }

    assertThat(http.get(at + "a.bin").text()).isEqualTo("before");
  }

  @Test
  void artifact_listedAsIfAFolder_holdsNothing() {
    put("a.bin", "x");

    assertThat(http.get(PROXY + "?path=0/" + run + "/artifacts/a.bin").text())
        .isEqualTo("{\"files\":[]}");
  }

  @Test
  void getArtifact_ofFolderOrUnknownFile_isNotFound() {
    put("folder/a.txt", "a");

    assertThat(http.get("/get-artifact?path=folder&run_id=" + run).refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(http.get("/get-artifact?path=none&run_id=" + run).refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
  }
}
