package io.shelfmark.tracking.internal.mlflow.client;

import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.lost;
import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.tracking.store.AliasChange;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.Filter;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.ModelRecord;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.NewModelVersion;
import io.shelfmark.tracking.store.Order;
import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.Visibility;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RestModelsTest {

  private static final String MODEL = "{\"registered_model\":{\"name\":\"tags\"}}";
  private static final String VERSION =
      """
      {"model_version":{"name":"tags","version":"3","creation_timestamp":"1","last_updated_timestamp":2,\
      "current_stage":"Staging","description":"d","user_id":"ann","source":"mlflow-artifacts:/7/x",\
      "tags":[{"key":"a","value":"b"}],"aliases":["z","b"],"status":"READY"}}""";

  private ScriptedServer server;
  private RestTrackingStore store;

  @BeforeEach
  void start() throws IOException {
    server = ScriptedServer.mlflow("2.17.2");
    store = server.open();
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  @Test
  void models_sendWhatTheContractSays() {
    for (int i = 0; i < 4; i++) {
      server.then(MODEL);
    }
    for (int i = 0; i < 5; i++) {
      server.then("{}");
    }
    store.models().create("tags", "d", Map.of("a", "b"));
    store.models().find("tags");
    store.models().rename("tags", "new");
    store.models().describe("tags", "e");
    store.models().delete("tags");
    store.models().setTag("tags", "k", "v");
    store.models().deleteTag("tags", "k");
    store.models().setAlias("tags", "best", 3);
    store.models().deleteAlias("tags", "best");

    String path = " /api/2.0/mlflow/registered-models/";
    assertThat(server.sent())
        .containsExactly(
            "POST"
                + path
                + "create {\"name\":\"tags\",\"tags\":[{\"key\":\"a\",\"value\":\"b\"}],\"description\":\"d\"}",
            "GET" + path + "get?name=tags",
            "POST" + path + "rename {\"name\":\"tags\",\"new_name\":\"new\"}",
            "PATCH" + path + "update {\"name\":\"tags\",\"description\":\"e\"}",
            "DELETE" + path + "delete {\"name\":\"tags\"}",
            "POST" + path + "set-tag {\"name\":\"tags\",\"key\":\"k\",\"value\":\"v\"}",
            "DELETE" + path + "delete-tag {\"name\":\"tags\",\"key\":\"k\"}",
            "POST" + path + "alias {\"name\":\"tags\",\"alias\":\"best\",\"version\":\"3\"}",
            "DELETE" + path + "alias {\"name\":\"tags\",\"alias\":\"best\"}");
  }

  @Test
  void versions_sendWhatTheContractSays() {
    for (int i = 0; i < 4; i++) {
      server.then(VERSION);
    }
    for (int i = 0; i < 4; i++) {
      server.then("{}");
    }
    store
        .models()
        .createVersion(
            new NewModelVersion(
                "tags", "s3://b/x", Optional.empty(), Optional.of("m-1"), "d", Map.of()));
    store.models().findVersion("tags", 3);
    store.models().describeVersion("tags", 3, "e");
    store.models().setStage("tags", 3, "production");
    store.models().deleteVersion("tags", 3);
    store.models().setVersionTag("tags", 3, "k", "v");
    store.models().deleteVersionTag("tags", 3, "k");
    store.models().latestVersions("tags", List.of("None"));

    String path = " /api/2.0/mlflow/model-versions/";
    String version = "{\"name\":\"tags\",\"version\":\"3\"";
    assertThat(server.sent())
        .containsExactly(
            "POST"
                + path
                + "create {\"name\":\"tags\",\"source\":\"s3://b/x\",\"model_id\":\"m-1\",\"tags\":[],\"description\":\"d\"}",
            "GET" + path + "get?name=tags&version=3",
            "PATCH" + path + "update " + version + ",\"description\":\"e\"}",
            "POST"
                + path
                + "transition-stage "
                + version
                + ",\"stage\":\"production\",\"archive_existing_versions\":false}",
            "DELETE" + path + "delete " + version + "}",
            "POST" + path + "set-tag " + version + ",\"key\":\"k\",\"value\":\"v\"}",
            "DELETE" + path + "delete-tag " + version + ",\"key\":\"k\"}",
            "POST /api/2.0/mlflow/registered-models/get-latest-versions {\"name\":\"tags\",\"stages\":[\"None\"]}");
  }

  @Test
  void version_isReadWhole() {
    server.then(VERSION);

    assertThat(store.models().findVersion("tags", 3))
        .contains(
            new ModelVersionRecord(
                "tags",
                3,
                Instant.ofEpochMilli(1),
                Instant.ofEpochMilli(2),
                "d",
                "ann",
                "Staging",
                "mlflow-artifacts:/7/x",
                "mlflow-artifacts:/7/x",
                Optional.empty(),
                Optional.empty(),
                Map.of("a", "b"),
                List.of("b", "z")));
  }

  @Test
  void version_ofALoggedModel_isLocatedByTheServer() {
    server.then(VERSION.replace("mlflow-artifacts:/7/x", "models:/m-1"));
    server.then("{\"artifact_uri\":\"mlflow-artifacts:/7/models/m-1/artifacts\"}");

    assertThat(store.models().findVersion("tags", 3).orElseThrow().location())
        .isEqualTo("mlflow-artifacts:/7/models/m-1/artifacts");
    assertThat(server.sent().get(1))
        .isEqualTo("GET /api/2.0/mlflow/model-versions/get-download-uri?name=tags&version=3");
  }

  @Test
  void searches_takeTheirFieldsInTheAddress() {
    server
        .then(
            "{\"registered_models\":[{\"name\":\"tags\",\"aliases\":[{\"alias\":\"best\",\"version\":\"3\"}]}]}")
        .then("{\"model_versions\":[],\"next_page_token\":\"n\"}");
    List<ModelRecord> found =
        store
            .models()
            .search(
                new Search(
                    Filter.of(Field.attribute("name").like("t%")),
                    List.of(Order.parse("name DESC")),
                    Visibility.ACTIVE,
                    50_000,
                    Optional.of("p")))
            .items();
    assertThat(
            store.models().searchVersions(Search.where(Filter.parse("version_number > 2"))).next())
        .contains("n");

    assertThat(found)
        .singleElement()
        .satisfies(m -> assertThat(m.aliases()).containsEntry("best", 3L));
    assertThat(server.sent())
        .containsExactly(
            "GET /api/2.0/mlflow/registered-models/search?filter=name%20LIKE%20%27t%25%27&order_by=name%20DESC&max_results=1000&page_token=p",
            "GET /api/2.0/mlflow/model-versions/search?filter=version_number%20%3E%202&max_results=1000");
  }

  @Test
  void alias_missing_isEmptyThoughTheServerSaysBadRequest() {
    server.then(refusal(400, "INVALID_PARAMETER_VALUE", "Registered model alias best not found."));
    assertThat(store.models().findByAlias("tags", "best")).isEmpty();

    server.then(
        refusal(404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=tags not found"));
    assertThat(store.models().findByAlias("tags", "best")).isEmpty();

    server.then(refusal(400, "INVALID_PARAMETER_VALUE", "'latest' alias name is reserved"));
    assertThatThrownBy(() -> store.models().findByAlias("tags", "latest"))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void deleting_replyLost_isDoneOnce() {
    server.then(lost()).then(refusal(404, "RESOURCE_DOES_NOT_EXIST", "gone"));
    store.models().deleteVersion("tags", 3);
    assertThat(server.sent()).hasSize(2);
  }

  @Test
  void aliasHistory_isShelfmarks() throws IOException {
    assertThatThrownBy(() -> store.models().aliasHistory("tags", "best"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("found MLflow 2.17.2, which keeps none");
    try (ScriptedServer shelfmark = ScriptedServer.shelfmark();
        RestTrackingStore own = shelfmark.open()) {
      shelfmark.then(
          "{\"changes\":[{\"timestamp\":2,\"user_id\":\"ann\"},{\"timestamp\":1,\"version\":\"3\"}]}");
      assertThat(own.models().aliasHistory("tags", "best"))
          .containsExactly(
              new AliasChange(Instant.ofEpochMilli(2), OptionalLong.empty(), "ann"),
              new AliasChange(Instant.ofEpochMilli(1), OptionalLong.of(3), ""));
      assertThat(shelfmark.sent())
          .containsExactly("GET /api/2.0/shelfmark/alias-history?name=tags&alias=best");
    }
  }
}
