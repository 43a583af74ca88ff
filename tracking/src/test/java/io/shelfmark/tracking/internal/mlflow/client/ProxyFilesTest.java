package io.shelfmark.tracking.internal.mlflow.client;

import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.json;
import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.lost;
import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.refusal;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.ByteRange;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProxyFilesTest {

  private static final String PROXY = " /api/2.0/mlflow-artifacts/artifacts";
  private static final String FILES =
      """
      {"files":[{"path":"b.txt","is_dir":false,"file_size":"3"},{"path":"a","is_dir":true}]}""";

  private ScriptedServer server;
  private RestTrackingStore store;
  private FileStore files;

  @BeforeEach
  void start() throws IOException {
    server = ScriptedServer.mlflow("2.17.2");
    store = server.open(Credentials.bearer("secret"));
    files = store.files("mlflow-artifacts:/7/run/artifacts");
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static String read(InputStream content) throws IOException {
    try (content) {
      return new String(content.readAllBytes(), UTF_8);
    }
  }

  @Test
  void put_sendsTheFileWithItsLength() {
    server.then("{}");
    files.put("модель/a b?#%2e.txt", bytes("abc"));

    assertThat(server.sent())
        .containsExactly(
            "PUT"
                + PROXY
                + "/7/run/artifacts/%D0%BC%D0%BE%D0%B4%D0%B5%D0%BB%D1%8C/a%20b%3F%23%252e.txt abc");
    assertThat(server.request(0).getHeaders().get("Content-Length")).isEqualTo("3");
    assertThat(server.request(0).getHeaders().get("Authorization")).isEqualTo("Bearer secret");
  }

  @Test
  void put_interrupted_isSentAgainWhole() {
    byte[] content = new byte[3_000_000];
    new Random(7).nextBytes(content);
    server.then(lost()).then(json(503, "busy")).then("{}");

    files.put("big", new ByteArrayInputStream(content));

    assertThat(server.sent()).hasSize(3);
    assertThat(server.request(2).getBody().toByteArray()).isEqualTo(content);
  }

  @Test
  void put_empty_isAFile() {
    server.then("{}");
    files.put("empty", bytes(""));
    assertThat(server.request(0).getHeaders().get("Content-Length")).isEqualTo("0");
  }

  @Test
  void list_isByPathBelowTheLocation() {
    server.then(FILES).then("{}").then(refusal(404, "RESOURCE_DOES_NOT_EXIST", "no"));

    assertThat(files.list("f"))
        .containsExactly(
            new FileStore.Entry("f/a", 0, true), new FileStore.Entry("f/b.txt", 3, false));
    assertThat(files.list("")).isEmpty();
    assertThat(files.list("x")).isEmpty();
    assertThat(server.sent().subList(0, 2))
        .containsExactly(
            "GET" + PROXY + "?path=7%2Frun%2Fartifacts%2Ff",
            "GET" + PROXY + "?path=7%2Frun%2Fartifacts");
  }

  @Test
  void find_looksIntoTheFolder() {
    server.then(FILES).then(FILES);
    assertThat(files.find("b.txt")).contains(new FileStore.Entry("b.txt", 3, false));
    assertThat(files.find("c.txt")).isEmpty();
  }

  @Test
  void open_givesTheContent() throws IOException {
    server.then("content");
    assertThat(read(files.open("b.txt"))).isEqualTo("content");
    assertThat(server.request(0).getHeaders().get("Accept-Encoding")).isEqualTo("identity");
  }

  @Test
  void open_missing_isNotFoundWhateverTheServerAnswers() {
    server.then(json(404, "<html>")).then(FILES);
    assertThatThrownBy(() -> files.open("c.txt"))
        .isInstanceOf(RecordNotFoundException.class)
        .hasMessageContaining("read file c.txt");
    for (int i = 0; i < 3; i++) {
      server.then(refusal(500, "INTERNAL_ERROR", "No such file"));
    }
    server.then(FILES);
    assertThatThrownBy(() -> files.open("a"))
        .isInstanceOf(RecordNotFoundException.class)
        .hasMessageContaining("a folder");
  }

  @Test
  void openRange_serverWithRanges_readsOnlyThese() throws IOException {
    server.then(new MockResponse.Builder().code(206).body("cde").build());
    assertThat(read(files.open("b.txt", new ByteRange(2, 3)))).isEqualTo("cde");
    assertThat(server.request(0).getHeaders().get("Range")).isEqualTo("bytes=2-4");
  }

  @Test
  void openRange_serverWithoutRanges_skipsAndStops() throws IOException {
    server.then("abcdefg").then("abc").then("abc");
    assertThat(read(files.open("b.txt", new ByteRange(2, 3)))).isEqualTo("cde");
    assertThat(read(files.open("b.txt", new ByteRange(2, 300)))).isEqualTo("c");
    assertThat(read(files.open("b.txt", new ByteRange(9, 1)))).isEmpty();
  }

  @Test
  void openRange_beyondTheEnd_isEmpty() throws IOException {
    server.then(json(416, "")).then(FILES);
    assertThat(read(files.open("b.txt", new ByteRange(3, 1)))).isEmpty();
  }

  @Test
  void delete_missing_doesNothing() {
    server.then(FILES).then(FILES).then("{}");
    files.delete("c.txt");
    files.delete("b.txt");
    assertThat(server.sent().get(2)).isEqualTo("DELETE" + PROXY + "/7/run/artifacts/b.txt");
    assertThat(server.sent()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "../a", "a/../b", "a/..", ".", "a//b", "a\\b", "a\nb", "C:/a"})
  void path_outside_isNotSent(String path) {
    assertThatThrownBy(() -> files.put(path, bytes("x")))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> files.open(path)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> files.delete(path)).isInstanceOf(InvalidRequestException.class);
    assertThat(server.sent()).isEmpty();
  }

  @Test
  void listed_nameThatClimbs_isRefused() {
    server.then("{\"files\":[{\"path\":\"x/..\",\"is_dir\":true}]}");
    assertThatThrownBy(() -> files.list("")).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void multipart_offered_goesPastTheServerWithoutCredentials() {
    byte[] content = new byte[17 << 20];
    new Random(7).nextBytes(content);
    String part = "http://" + server.host() + "/bucket/big?partNumber=";
    server.then(
        """
        {"upload_id":"u1","credentials":[{"url":"%s1","part_number":1,"headers":{"x-a":"b"}},\
        {"url":"%s2","part_number":"2","headers":{}}]}"""
            .formatted(part, part));
    server.then(new MockResponse.Builder().addHeader("ETag", "\"e1\"").build());
    server.then(json(503, "slow down"));
    server.then(new MockResponse.Builder().addHeader("ETag", "\"e2\"").build());
    server.then("{}");

    try (RestTrackingStore own =
        server.open(Credentials.bearer("secret"), 1 << 20, Optional.empty())) {
      own.files("mlflow-artifacts:/7/run").put("f/big", new ByteArrayInputStream(content));
    }

    String mpu = "POST /api/2.0/mlflow-artifacts/mpu/";
    assertThat(server.sent().get(0))
        .isEqualTo(mpu + "create/7/run/f {\"path\":\"big\",\"num_parts\":2}");
    assertThat(server.sent().get(4))
        .isEqualTo(
            mpu
                + "complete/7/run/f {\"path\":\"big\",\"upload_id\":\"u1\",\"parts\":["
                + "{\"part_number\":1,\"etag\":\"\\\"e1\\\"\",\"url\":\""
                + part
                + "1\"},{\"part_number\":2,\"etag\":\"\\\"e2\\\"\",\"url\":\""
                + part
                + "2\"}]}");
    assertThat(server.request(1).getHeaders().get("Authorization")).isNull();
    assertThat(server.request(1).getHeaders().get("x-a")).isEqualTo("b");
    assertThat(server.request(1).getBody().toByteArray())
        .isEqualTo(Arrays.copyOf(content, 16 << 20));
    assertThat(server.request(3).getBody().toByteArray())
        .isEqualTo(Arrays.copyOfRange(content, 16 << 20, 17 << 20));
  }

  @Test
  void multipart_notOffered_isSentWholeAndNotAskedForAgain() {
    server.then(refusal(501, "NOT_IMPLEMENTED", "Multipart upload is not supported"));
    server.then("{}").then("{}");
    try (RestTrackingStore own = server.open(Credentials.NONE, 2, Optional.empty())) {
      own.files("mlflow-artifacts:/7").put("a", bytes("abc"));
      own.files("mlflow-artifacts:/7").put("b", bytes("abc"));
    }
    assertThat(server.sent()).hasSize(3);
    assertThat(server.sent().get(1)).isEqualTo("PUT" + PROXY + "/7/a abc");
    assertThat(server.sent().get(2)).isEqualTo("PUT" + PROXY + "/7/b abc");
  }

  @Test
  void multipart_partRefused_isAborted() {
    server.then(
        "{\"upload_id\":\"u1\",\"credentials\":[{\"url\":\"http://%s/x?sig=hidden\",\"part_number\":1}]}"
            .formatted(server.host()));
    server.then(json(403, "<Error>expired</Error>")).then("{}");
    try (RestTrackingStore own = server.open(Credentials.NONE, 2, Optional.empty())) {
      assertThatThrownBy(() -> own.files("mlflow-artifacts:/7").put("a", bytes("abc")))
          .hasMessageContaining("store part 1 of file a")
          .hasMessageNotContaining("hidden");
    }
    assertThat(server.sent().get(2))
        .isEqualTo(
            "POST /api/2.0/mlflow-artifacts/mpu/abort/7 {\"path\":\"a\",\"upload_id\":\"u1\"}");
  }
}
