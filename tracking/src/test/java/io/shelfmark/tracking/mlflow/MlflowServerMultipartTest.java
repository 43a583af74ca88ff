package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.TrackingStore;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Artifacts in parts, past the servlet into the bucket that a workspace lies in. */
@Timeout(120)
class MlflowServerMultipartTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PART = 5 << 20;
  private static final String PROXY = "/api/2.0/mlflow-artifacts/";

  /** A servlet that takes no file: what arrives all the same went past it. */
  private static final class WithoutPut extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient MlflowServlet servlet;

    WithoutPut(TrackingStore store) {
      servlet = MlflowServlet.builder(store).uploadLimit(17L << 20).build();
    }

    @Override
    public void service(ServletRequest request, ServletResponse response)
        throws ServletException, IOException {
      if (((HttpServletRequest) request).getMethod().equals("PUT")) {
        ((HttpServletResponse) response).sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
      } else {
        servlet.service(request, response);
      }
    }
  }

  @TempDir static Path folder;
  private static WorkspaceInBucket workspace;
  private static MlflowHost host;
  private static HttpCalls http;
  private static byte[] content;
  private String run;

  @BeforeAll
  static void open() throws Exception {
    workspace = new WorkspaceInBucket(folder);
    host = workspace.serve(MlflowServlet::over);
    http = new HttpCalls(host.uri());
    content = new byte[PART + 1_000];
    new Random(11).nextBytes(content);
  }

  @AfterAll
  static void close() {
    host.close();
    workspace.close();
  }

  @BeforeEach
  void createRun() {
    run =
        http.post("/api/2.0/mlflow/runs/create", "{\"experiment_id\":\"0\"}")
            .json()
            .at("/run/info/run_id")
            .asText();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(workspace.incoming()).isEmpty();
  }

  private HttpCalls.Reply step(String step, String folderOfRun, JsonNode body) {
    return http.post(
        PROXY + "mpu/" + step + "/0/" + run + "/artifacts" + folderOfRun, body.toString());
  }

  private JsonNode begin(String local) {
    ObjectNode body = JSON.createObjectNode().put("path", local).put("num_parts", 2);
    HttpCalls.Reply reply = step("create", "/models", body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static String send(JsonNode target, byte[] bytes) throws Exception {
    HttpResponse<Void> reply =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(target.path("url").asText()))
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                    .build(),
                HttpResponse.BodyHandlers.discarding());
    assertThat(reply.statusCode()).isEqualTo(200);
    return reply.headers().firstValue("ETag").orElseThrow();
  }

  /** Sends both parts; what completes them, the last one first as a parallel client may tell. */
  private static ObjectNode sent(String local, JsonNode begun) throws Exception {
    ObjectNode body = JSON.createObjectNode().put("path", local);
    body.put("upload_id", begun.path("upload_id").asText());
    ArrayNode parts = body.putArray("parts");
    for (int i : new int[] {1, 0}) {
      JsonNode target = begun.path("credentials").get(i);
      byte[] bytes =
          Arrays.copyOfRange(content, i * PART, Math.min(content.length, (i + 1) * PART));
      parts
          .addObject()
          .put("part_number", target.path("part_number").asInt())
          .put("etag", send(target, bytes))
          .put("url", target.path("url").asText());
    }
    return body;
  }

  private HttpCalls.Reply stored(String name) {
    return http.get(PROXY + "artifacts/0/" + run + "/artifacts/models/" + name);
  }

  @Test
  void client_fileOverItsThreshold_goesPastTheServletAndIsWhole() throws Exception {
    byte[] file = new byte[(16 << 20) + 5];
    new Random(3).nextBytes(file);
    try (MlflowHost narrow = workspace.serve(WithoutPut::new);
        TrackingStore client = MlflowTracking.at(narrow.uri()).multipartFrom(PART).open()) {
      FileStore files =
          client.files(client.runs().find(run).orElseThrow().info().artifactLocation());
      files.put("models/big Ω.bin", new ByteArrayInputStream(file));

      try (var in = files.open("models/big Ω.bin")) {
        assertThat(in.readAllBytes()).isEqualTo(file);
      }
      assertThat(files.list("models"))
          .containsExactly(new FileStore.Entry("models/big Ω.bin", file.length, false));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.bin", "/home/ada/work/a.bin", "C:\\work\\a.bin"})
  void parts_complete_areTheFileOfTheLastName(String local) throws Exception {
    JsonNode begun = begin(local);
    ObjectNode body = sent(local, begun);
    assertThat(stored("a.bin").status()).isEqualTo(404);

    assertThat(step("complete", "/models", body).text()).isEqualTo("{}");

    assertThat(stored("a.bin").response().body()).isEqualTo(content);
    assertThat(step("complete", "/models", body).text()).as("asked again").isEqualTo("{}");
  }

  @Test
  void abort_leavesNothing() throws Exception {
    JsonNode begun = begin("a.bin");
    ObjectNode body = sent("a.bin", begun);
    ObjectNode abort = body.deepCopy().without("parts");

    assertThat(step("abort", "/models", abort).text()).isEqualTo("{}");

    assertThat(step("complete", "/models", body).refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(stored("a.bin").status()).isEqualTo(404);
  }

  @Test
  void complete_withWrongEtag_isRefusedAndCanBeSaidRight() throws Exception {
    JsonNode begun = begin("a.bin");
    ObjectNode body = sent("a.bin", begun);
    ObjectNode wrong = body.deepCopy();
    ((ObjectNode) wrong.path("parts").get(0)).put("etag", "\"00000000000000000000000000000000\"");

    HttpCalls.Reply refused = step("complete", "/models", wrong);

    assertThat(refused.refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(refused.text()).contains("part 2").doesNotContain("Signature");
    assertThat(stored("a.bin").status()).isEqualTo(404);
    assertThat(step("complete", "/models", body).status()).isEqualTo(200);
  }

  @Test
  void complete_atAnotherPath_findsNoUpload() throws Exception {
    JsonNode begun = begin("a.bin");
    ObjectNode body = sent("a.bin", begun);

    assertThat(step("complete", "", body).refusal()).isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(step("complete", "/models", body.deepCopy().put("path", "b.bin")).refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(step("abort", "", body).status()).isEqualTo(200);

    assertThat(step("complete", "/models", body).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "/", "a/..", "%2e%2e", "a\u0000"})
  void create_ofNoName_isRefused(String local) {
    ObjectNode body = JSON.createObjectNode().put("path", local).put("num_parts", 2);
    assertThat(step("create", "/models", body).refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10_001, -1})
  void create_ofNoPartsOrTooMany_isRefused(int parts) {
    ObjectNode body = JSON.createObjectNode().put("path", "a.bin").put("num_parts", parts);
    assertThat(step("create", "", body).refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void create_inTheRegistry_isRefused() {
    ObjectNode body = JSON.createObjectNode().put("path", "a.bin").put("num_parts", 1);
    assertThat(http.post(PROXY + "mpu/create/registry/m/1", body.toString()).refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void complete_overTheLimit_isRefusedAndNotStored() throws Exception {
    try (MlflowHost narrow =
        workspace.serve(store -> MlflowServlet.builder(store).uploadLimit(PART).build())) {
      JsonNode begun = begin("a.bin");
      ObjectNode body = sent("a.bin", begun);
      String at = "/0/" + run + "/artifacts/models";
      HttpCalls calls = new HttpCalls(narrow.uri());

      assertThat(calls.post(PROXY + "mpu/complete" + at, body.toString()).refusal())
          .isEqualTo("413 INVALID_PARAMETER_VALUE");

      assertThat(stored("a.bin").status()).isEqualTo(404);
    }
  }

  @Test
  void users_withoutTheRightToWrite_beginNothing() {
    MlflowUsers users =
        MlflowUsers.builder()
            .iterations(1_000)
            .user("eve")
            .role(MlflowRole.READER)
            .token("t")
            .build();
    try (MlflowHost guarded =
        workspace.serve(store -> MlflowServlet.builder(store).users(users).build())) {
      HttpCalls eve = new HttpCalls(guarded.uri(), "Authorization", "Bearer t");
      for (String step : new String[] {"create", "complete", "abort"}) {
        assertThat(
                eve.post(PROXY + "mpu/" + step + "/0/x", "{\"path\":\"a\",\"num_parts\":1}")
                    .refusal())
            .isEqualTo("403 PERMISSION_DENIED");
      }
    }
  }

  @Test
  void addresses_holdAsLongAsTheServletSaysOrAreNotOffered() {
    String body = "{\"path\":\"a.bin\",\"num_parts\":1}";
    try (MlflowHost brief =
            workspace.serve(
                store ->
                    MlflowServlet.builder(store).directUploads(Duration.ofMinutes(5)).build());
        MlflowHost none =
            workspace.serve(store -> MlflowServlet.builder(store).withoutDirectUploads().build())) {
      assertThat(
              new HttpCalls(brief.uri())
                  .post(PROXY + "mpu/create/0/x", body)
                  .json()
                  .at("/credentials/0/url")
                  .asText())
          .contains("X-Amz-Expires=300");
      assertThat(new HttpCalls(none.uri()).post(PROXY + "mpu/create/0/x", body).refusal())
          .isEqualTo("501 NOT_IMPLEMENTED");
    }
  }
}
