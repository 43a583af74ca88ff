package io.shelfmark.tracking.internal.mlflow.client;

import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.json;
import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.tracking.store.Filter;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.LoggedModelRecord;
import io.shelfmark.tracking.store.LoggedModelStatus;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.NewLoggedModel;
import io.shelfmark.tracking.store.Order;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.Visibility;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RestLoggedModelsTest {

  private static final String ID = "m-0123456789abcdef0123456789abcdef";
  private static final String MODEL =
      """
      {"model":{"info":{"model_id":"%s","experiment_id":"7","name":"yolo","model_type":"Agent",\
      "status":"LOGGED_MODEL_READY","source_run_id":"abc","artifact_uri":"mlflow-artifacts:/7/models/%s/artifacts",\
      "creation_timestamp_ms":"1","last_updated_timestamp_ms":2,"tags":[{"key":"t","value":"v"}]},\
      "data":{"params":[{"key":"p","value":"1"}],"metrics":[{"key":"m","value":0.5,"timestamp":3,"step":4}]}}}"""
          .formatted(ID, ID);

  private ScriptedServer server;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void requests_areAsTheContractSays() throws IOException {
    server = ScriptedServer.mlflow("3.11.1");
    try (RestTrackingStore store = server.open()) {
      server.then(MODEL).then(MODEL).then(MODEL);
      for (int i = 0; i < 4; i++) {
        server.then("{}");
      }
      store
          .loggedModels()
          .create(
              new NewLoggedModel(
                  "7", "yolo", "Agent", Optional.of("abc"), Map.of("p", "1"), Map.of()));
      store.loggedModels().find(ID);
      store.loggedModels().finish(ID, LoggedModelStatus.UPLOAD_FAILED);
      store.loggedModels().logParams(ID, Map.of("a", "b"));
      store.loggedModels().setTags(ID, Map.of("a", "b"));
      store.loggedModels().deleteTag(ID, "a/b");
      store.loggedModels().delete(ID);

      String path = " /api/2.0/mlflow/logged-models";
      String one = path + "/" + ID;
      String id = "{\"model_id\":\"" + ID + "\"";
      String pair = "[{\"key\":\"a\",\"value\":\"b\"}]}";
      assertThat(server.sent())
          .containsExactly(
              "POST"
                  + path
                  + " {\"experiment_id\":\"7\",\"name\":\"yolo\",\"model_type\":\"Agent\",\"source_run_id\":\"abc\",\"params\":[{\"key\":\"p\",\"value\":\"1\"}],\"tags\":[]}",
              "GET" + one,
              "PATCH" + one + " " + id + ",\"status\":\"LOGGED_MODEL_UPLOAD_FAILED\"}",
              "POST" + one + "/params " + id + ",\"params\":" + pair,
              "PATCH" + one + "/tags " + id + ",\"tags\":" + pair,
              "DELETE" + one + "/tags/a%2Fb " + id + ",\"tag_key\":\"a/b\"}",
              "DELETE" + one + " " + id + "}");
    }
  }

  @Test
  void found_isReadWhole() throws IOException {
    server = ScriptedServer.mlflow("3.11.1");
    try (RestTrackingStore store = server.open()) {
      server.then(MODEL);
      assertThat(store.loggedModels().find(ID))
          .contains(
              new LoggedModelRecord(
                  ID,
                  "7",
                  "yolo",
                  "Agent",
                  LoggedModelStatus.READY,
                  Optional.of("abc"),
                  "mlflow-artifacts:/7/models/" + ID + "/artifacts",
                  Instant.ofEpochMilli(1),
                  Instant.ofEpochMilli(2),
                  Map.of("p", "1"),
                  Map.of("t", "v"),
                  List.of(new Metric("m", 0.5, 4, Instant.ofEpochMilli(3)))));
      server.then(refusal(404, "RESOURCE_DOES_NOT_EXIST", "no"));
      assertThat(store.loggedModels().find(ID)).isEmpty();
      assertThat(store.loggedModels().find("m-/../x")).isEmpty();
    }
  }

  @Test
  void search_ordersByObjectsAndAsksForFiftyAtMost() throws IOException {
    server = ScriptedServer.mlflow("3.11.1");
    try (RestTrackingStore store = server.open()) {
      server.then("{\"models\":[]}");
      store
          .loggedModels()
          .search(
              List.of("7"),
              new Search(
                  Filter.parse("metrics.acc > 0.5"),
                  List.of(Order.parse("metrics.acc DESC"), Order.parse("name ASC")),
                  Visibility.ACTIVE,
                  1000,
                  Optional.empty()));

      assertThat(server.sent())
          .containsExactly(
              """
              POST /api/2.0/mlflow/logged-models/search {"experiment_ids":["7"],\
              "filter":"metrics.`acc` > 0.5","max_results":50,\
              "order_by":[{"field_name":"metrics.acc","ascending":false},{"field_name":"name","ascending":true}]}""");
      assertThat(store.loggedModels().search(List.of(), Search.all()).items()).isEmpty();
    }
  }

  @Test
  void mlflow2_hasNone() throws IOException {
    server = ScriptedServer.mlflow("2.17.2");
    try (RestTrackingStore store = server.open()) {
      server.then(json(404, "<html>")).then(json(404, "<html>"));

      assertThatThrownBy(() -> store.loggedModels().find(ID))
          .isExactlyInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("found MLflow 2.17.2, which has no logged models, expected 3");
      assertThatThrownBy(() -> store.loggedModels().delete(ID))
          .isExactlyInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void impossibleId_isNotSent() throws IOException {
    server = ScriptedServer.mlflow("3.11.1");
    try (RestTrackingStore store = server.open()) {
      assertThatThrownBy(() -> store.loggedModels().delete("../experiments"))
          .isInstanceOf(RecordNotFoundException.class);
      assertThat(server.sent()).isEmpty();
    }
  }
}
