package io.shelfmark.tracking.internal.mlflow.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.ByteRange;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ArtifactLocationsTest {

  private static final String RUN = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private ScriptedServer server;
  private RestTrackingStore store;

  @BeforeEach
  void start() throws IOException {
    server = ScriptedServer.mlflow("3.11.1");
    store = server.open();
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  private static TrackingStore remote(Optional<Path> shared) {
    return RestTrackingStore.open(
        new ClientSettings(
            URI.create("https://mlflow.invalid"),
            Credentials.NONE,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Long.MAX_VALUE,
            shared,
            Map.of()));
  }

  private static void put(FileStore files, String path) {
    files.put(path, new ByteArrayInputStream("abc".getBytes(UTF_8)));
  }

  private static String read(InputStream content) throws IOException {
    try (content) {
      return new String(content.readAllBytes(), UTF_8);
    }
  }

  @Test
  void proxy_inFull_isTheServersOwn() {
    server.then("{}").then("{}");
    String proxy = server.address() + "/api/2.0/mlflow-artifacts/artifacts";
    put(store.files(proxy + "/7/x"), "a");
    put(store.files("mlflow-artifacts://" + server.host() + "/7/x"), "a");

    String expected = "PUT /api/2.0/mlflow-artifacts/artifacts/7/x/a abc";
    assertThat(server.sent()).containsExactly(expected, expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://bucket/7",
        "gs://bucket/7",
        "dbfs:/x",
        "mlflow-artifacts://other.example/7",
        "https://other.example/api/2.0/mlflow-artifacts/artifacts/7",
        "mlflow-artifacts:/7/../../etc",
        "mlflow-artifacts:/7/%2e%2E/x",
        "models:/name/latest"
      })
  void unreached_saysWhatIsReached(String location) {
    assertThatThrownBy(() -> store.files(location))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith("Cannot open the files at " + location)
        .hasMessageContaining("expected mlflow-artifacts:, or a folder of this machine");
    assertThat(server.sent()).isEmpty();
  }

  @Test
  void run_isFollowedToItsFiles() {
    server
        .then(
            "{\"run\":{\"info\":{\"run_id\":\"%s\",\"artifact_uri\":\"mlflow-artifacts:/7/r\"}}}"
                .formatted(RUN))
        .then("{}");
    put(store.files("runs:/" + RUN + "/model/x"), "a");

    assertThat(server.sent().get(1))
        .isEqualTo("PUT /api/2.0/mlflow-artifacts/artifacts/7/r/model/x/a abc");
  }

  @Test
  void models_areFollowedToTheirFiles() {
    server
        .then(
            "{\"model\":{\"info\":{\"model_id\":\"m-1\",\"artifact_uri\":\"mlflow-artifacts:/7/m\"}}}")
        .then("{}")
        .then(
            "{\"model_version\":{\"name\":\"n\",\"version\":\"3\",\"source\":\"mlflow-artifacts:/7/v\"}}")
        .then("{}");
    put(store.files("models:/m-1"), "a");
    put(store.files("models:/n/3"), "a");

    assertThat(server.sent().get(1)).contains("/7/m/a");
    assertThat(server.sent().get(3)).contains("/7/v/a");
  }

  @Test
  void folderOfTheServer_onThisMachine_isReadAndWritten() throws IOException {
    FileStore files = store.files("file://" + folder + "/run");
    put(files, "model/a.txt");
    put(files, "b.txt");
    put(files, "b.txt");

    assertThat(store.files(folder + "/run").list(""))
        .containsExactly(
            new FileStore.Entry("b.txt", 3, false), new FileStore.Entry("model", 0, true));
    assertThat(files.find("model/a.txt")).contains(new FileStore.Entry("model/a.txt", 3, false));
    assertThat(read(files.open("b.txt"))).isEqualTo("abc");
    assertThat(read(files.open("b.txt", new ByteRange(1, 1)))).isEqualTo("b");
    assertThat(read(files.open("b.txt", new ByteRange(5, 1)))).isEmpty();
    files.delete("model");
    files.delete("model");
    assertThat(files.find("model/a.txt")).isEmpty();
    assertThat(files.list("model")).isEmpty();
    assertThatThrownBy(() -> files.open("model/a.txt")).isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void folder_linkThatLeadsOut_isNotFollowed() throws IOException {
    Path secret = Files.createDirectories(folder.resolve("secret"));
    Files.writeString(secret.resolve("a"), "x");
    Path root = Files.createDirectories(folder.resolve("run"));
    Files.createSymbolicLink(root.resolve("link"), secret);
    FileStore files = store.files(root.toString());

    assertThatThrownBy(() -> files.open("link/a"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("leads out");
    assertThatThrownBy(() -> put(files, "link/b")).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> put(files, "../b")).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void folderOfAnotherMachine_isReachedWhereShared() {
    try (TrackingStore remote = remote(Optional.empty())) {
      assertThatThrownBy(() -> remote.files(folder + "/run"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("a folder of the server's machine");
      assertThatThrownBy(() -> remote.files("./mlruns/0"))
          .isInstanceOf(InvalidRequestException.class);
    }
    try (TrackingStore remote = remote(Optional.of(folder))) {
      put(remote.files(folder + "/run"), "a");
      assertThatThrownBy(() -> remote.files(folder + "/../x"))
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThat(folder.resolve("run/a")).hasContent("abc");
  }
}
