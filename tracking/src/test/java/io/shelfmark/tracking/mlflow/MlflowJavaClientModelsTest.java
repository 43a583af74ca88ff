package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.ModelVersionsPage;

/** The registry of MLflow's own client for Java against the server, call by call. */
class MlflowJavaClientModelsTest {

  @TempDir static Path folder;
  private static ServedWorkspace served;
  private static MlflowClient client;
  private static String run;

  @BeforeAll
  static void open() {
    served = new ServedWorkspace(folder);
    client = new MlflowClient(served.host().uri().toString());
    run = client.createRun("0").getRunId();
  }

  @AfterAll
  static void close() {
    client.close();
    served.close();
  }

  private static void model(String name, int versions) {
    new HttpCalls(served.host().uri())
        .send(
            "PUT",
            "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/model/model.onnx",
            new byte[] {1});
    client.sendPost("registered-models/create", "{\"name\":\"" + name + "\"}");
    for (int i = 0; i < versions; i++) {
      client.sendPost(
          "model-versions/create",
          "{\"name\":\"%s\",\"source\":\"mlflow-artifacts:/0/%s/artifacts/model\",\"run_id\":\"%s\"}"
              .formatted(name, run, run));
    }
  }

  @Test
  void model_read_hasItsVersionsAndDescription() {
    model("detector", 2);
    assertThat(
            client.sendPatch(
                "registered-models/update", "{\"name\":\"detector\",\"description\":\"finds\"}"))
        .contains("finds");

    assertThat(client.getRegisteredModel("detector").getDescription()).isEqualTo("finds");
    assertThat(client.getRegisteredModel("detector").getLatestVersionsList())
        .extracting(ModelVersion::getVersion)
        .containsExactly("2");
    assertThat(client.getModelVersion("detector", "1").getRunId()).isEqualTo(run);
    assertThat(client.getModelVersionDownloadUri("detector", "1")).startsWith("mlflow-artifacts:/");
  }

  @Test
  void latestVersions_everyWay_areThoseOfTheStages() {
    model("reader", 2);
    client.sendPost(
        "model-versions/transition-stage",
        "{\"name\":\"reader\",\"version\":\"1\",\"stage\":\"Staging\"}");

    assertThat(client.getLatestVersions("reader"))
        .extracting(ModelVersion::getVersion)
        .containsExactlyInAnyOrder("1", "2");
    assertThat(client.getLatestVersions("reader", List.of("Staging")))
        .extracting(ModelVersion::getCurrentStage)
        .containsExactly("Staging");
  }

  @Test
  void versions_searchedEveryWay_areFound() {
    model("judge", 3);

    ModelVersionsPage first =
        client.searchModelVersions("name = 'judge'", 2, List.of("version_number ASC"));

    assertThat(first.getItems()).extracting(ModelVersion::getVersion).containsExactly("1", "2");
    assertThat(first.hasNextPage()).isTrue();
    assertThat(first.getNextPage().getItems()).hasSize(1);
    assertThat(client.searchModelVersions("name = 'judge'").getItems()).hasSize(3);
    assertThat(client.searchModelVersions().getItems()).hasSizeGreaterThanOrEqualTo(3);
  }
}
