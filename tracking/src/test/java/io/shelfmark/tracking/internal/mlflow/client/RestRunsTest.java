package io.shelfmark.tracking.internal.mlflow.client;

import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.lost;
import static io.shelfmark.tracking.internal.mlflow.client.ScriptedServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.tracking.store.AccessDeniedException;
import io.shelfmark.tracking.store.Curve;
import io.shelfmark.tracking.store.DatasetInput;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelOutput;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.ParamChangedException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.StoreUnavailableException;
import io.shelfmark.tracking.store.Visibility;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a Shelfmark server, which keeps ids: what goes over the wire, byte for byte. */
@Timeout(60)
class RestRunsTest {

  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_123L);
  private static final String RUN =
      """
      {"run":{"info":{"run_id":"%s","run_name":"yolo","experiment_id":"7","user_id":"ann",\
      "status":"FINISHED","start_time":"1700000000123","end_time":1700000000456,\
      "artifact_uri":"mlflow-artifacts:/7/%s/artifacts","lifecycle_stage":"active","new":[1]},\
      "data":{"metrics":[{"key":"m","value":"NaN","timestamp":"1700000000123","step":"9007199254740993"},\
      {"key":"n","value":0.25,"timestamp":1700000000123}],\
      "params":[{"key":"p","value":"1"}],"tags":[{"key":"t","value":"ж"}]},\
      "inputs":{"dataset_inputs":[{"tags":[{"key":"mlflow.data.context","value":"training"}],\
      "dataset":{"name":"photos","digest":"d","source_type":"local","source":"s","schema":"{}"}}],\
      "model_inputs":[{"model_id":"m-1"}]},"outputs":{"model_outputs":[{"model_id":"m-2","step":"3"}]}}}"""
          .formatted(ID, ID);

  private ScriptedServer server;
  private RestTrackingStore store;

  @BeforeEach
  void start() throws IOException {
    server = ScriptedServer.shelfmark();
    store = server.open();
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  @Test
  void create_sendsTheId() {
    server.then(RUN);
    store.runs().create(new NewRun(ID, "7", "yolo", "ann", TIME, Map.of("b", "2", "a", "1")));

    assertThat(server.sent())
        .containsExactly(
            """
            POST /api/2.0/mlflow/runs/create {"experiment_id":"7","user_id":"ann","run_name":"yolo",\
            "start_time":1700000000123,"tags":[{"key":"a","value":"1"},{"key":"b","value":"2"}],\
            "run_id":"%s"}"""
                .formatted(ID));
    assertThat(server.request(0).getHeaders().get("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void create_replyLost_isSentAgain() {
    server.then(lost()).then(RUN);

    assertThat(store.runs().create(NewRun.of("7", "", TIME)).info().id()).isEqualTo(ID);
    assertThat(server.sent()).hasSize(2);
  }

  @Test
  void find_readsAllThatTheServerHas() {
    server.then(RUN);
    RunRecord run = store.runs().find(ID).orElseThrow();

    assertThat(server.sent()).containsExactly("GET /api/2.0/mlflow/runs/get?run_id=" + ID);
    assertThat(run.info().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.info().startTime()).isEqualTo(TIME);
    assertThat(run.info().endTime()).contains(Instant.ofEpochMilli(1_700_000_000_456L));
    assertThat(run.info().artifactLocation()).isEqualTo("mlflow-artifacts:/7/" + ID + "/artifacts");
    assertThat(run.params()).isEqualTo(Map.of("p", "1"));
    assertThat(run.tags()).isEqualTo(Map.of("t", "ж"));
    assertThat(run.metrics().get("m"))
        .isEqualTo(new Metric("m", Double.NaN, 9_007_199_254_740_993L, TIME));
    assertThat(run.metrics().get("n")).isEqualTo(new Metric("n", 0.25, 0, TIME));
    assertThat(run.datasets())
        .containsExactly(
            new DatasetInput(
                "photos", "d", "local", "s", "{}", "", Map.of("mlflow.data.context", "training")));
    assertThat(run.modelInputs()).containsExactly("m-1");
    assertThat(run.modelOutputs()).containsExactly(new ModelOutput("m-2", 3));
  }

  @Test
  void find_unknown_isEmpty() {
    server.then(refusal(404, "RESOURCE_DOES_NOT_EXIST", "no run"));

    assertThat(store.runs().find(ID)).isEmpty();
  }

  @Test
  void search_sendsTheQueryAndFollowsPages() {
    String run = RUN.substring("{\"run\":".length(), RUN.length() - 1);
    server
        .then("{\"runs\":[" + run + "],\"next_page_token\":\"abc\"}")
        .then("{\"next_page_token\":\"\"}");
    RunQuery query =
        RunQuery.in("7", "8")
            .where(Field.metric("val/acc").atLeast(0.5))
            .orderBy(Field.attribute("start_time").descending())
            .visibility(Visibility.ALL)
            .limit(10);

    Page<RunRecord> first = store.runs().search(query);
    Page<RunRecord> second = store.runs().search(query.at(first.next().orElseThrow()));

    assertThat(first.items()).extracting(found -> found.info().id()).containsExactly(ID);
    assertThat(second).isEqualTo(Page.last(List.of()));
    String body =
        """
        {"experiment_ids":["7","8"],"filter":"metrics.`val/acc` >= 0.5","run_view_type":"ALL",\
        "max_results":10,"order_by":["start_time DESC"]""";
    assertThat(server.sent())
        .containsExactly(
            "POST /api/2.0/mlflow/runs/search " + body + "}",
            "POST /api/2.0/mlflow/runs/search " + body + ",\"page_token\":\"abc\"}");
  }

  @Test
  void search_ofNoExperiments_asksNothing() {
    assertThat(store.runs().search(RunQuery.in()).items()).isEmpty();
    assertThat(server.sent()).isEmpty();
  }

  @Test
  void changes_sendWhatTheContractSays() {
    for (int i = 0; i < 6; i++) {
      server.then("{}");
    }
    store.runs().update(ID, RunUpdate.ended(RunStatus.FAILED, TIME));
    store.runs().update(ID, new RunUpdate(Optional.empty(), Optional.empty(), Optional.of("x")));
    store.runs().delete(ID);
    store.runs().restore(ID);
    store.runs().deleteTag(ID, "a b");
    store.runs().logOutputs(ID, List.of(new ModelOutput("m-1", 5)));

    String run = "{\"run_id\":\"" + ID + "\"";
    assertThat(server.sent())
        .containsExactly(
            "POST /api/2.0/mlflow/runs/update "
                + run
                + ",\"status\":\"FAILED\",\"end_time\":1700000000123}",
            "POST /api/2.0/mlflow/runs/update " + run + ",\"run_name\":\"x\"}",
            "POST /api/2.0/mlflow/runs/delete " + run + "}",
            "POST /api/2.0/mlflow/runs/restore " + run + "}",
            "POST /api/2.0/mlflow/runs/delete-tag " + run + ",\"key\":\"a b\"}",
            "POST /api/2.0/mlflow/runs/outputs "
                + run
                + ",\"models\":[{\"model_id\":\"m-1\",\"step\":5}]}");
  }

  @Test
  void logInputs_sendsDatasetsAndModels() {
    server.then("{}");
    DatasetInput input = new DatasetInput("n", "d", "local", "s", "", "{}", Map.of("c", "x"));
    store.runs().logInputs(ID, List.of(input), List.of("m-1"));

    assertThat(server.sent())
        .containsExactly(
            """
            POST /api/2.0/mlflow/runs/log-inputs {"run_id":"%s","datasets":[{"tags":[{"key":"c",\
            "value":"x"}],"dataset":{"name":"n","digest":"d","source_type":"local","source":"s",\
            "profile":"{}"}}],"models":[{"model_id":"m-1"}]}"""
                .formatted(ID));
  }

  @Test
  void log_refusedForAParam_tellsWhich() {
    server.then(refusal(400, "INVALID_PARAMETER_VALUE", "Changing param values is not allowed"));
    server.then(RUN);

    assertThatThrownBy(() -> store.runs().log(ID, RunLog.params(Map.of("p", "2", "q", "3"))))
        .isInstanceOfSatisfying(
            ParamChangedException.class,
            e -> {
              assertThat(e.key()).isEqualTo("p");
              assertThat(e.recorded()).isEqualTo("1");
            });
  }

  @Test
  void log_refusedForAParamByTheFileStore_tellsWhich() {
    for (int i = 0; i < 3; i++) {
      server.then(refusal(500, "INTERNAL_ERROR", "Changing param values is not allowed. Param"));
    }
    server.then(RUN);

    assertThatThrownBy(() -> store.runs().log(ID, RunLog.params(Map.of("p", "2"))))
        .isInstanceOf(ParamChangedException.class);
  }

  @Test
  void log_refusedOtherwise_saysSo() {
    server.then(refusal(400, "INVALID_PARAMETER_VALUE", "Invalid key")).then(RUN);

    assertThatThrownBy(() -> store.runs().log(ID, RunLog.params(Map.of("", "2"))))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Invalid key");
  }

  @Test
  void write_logsOfARun_travelTogether() {
    server.then("{}").then("{}");
    List<Refusal> refusals =
        store
            .runs()
            .write(
                List.of(
                    new RunWrite.Log(ID, RunLog.params(Map.of("a", "1"))),
                    new RunWrite.Log(ID, RunLog.metrics(List.of(new Metric("m", 1, 1, TIME)))),
                    new RunWrite.Log(ID, RunLog.tags(Map.of("t", "old"))),
                    new RunWrite.Log(ID, RunLog.tags(Map.of("t", "new"))),
                    new RunWrite.Heartbeat(ID, TIME)));

    assertThat(refusals).isEmpty();
    assertThat(server.sent())
        .containsExactly(
            """
            POST /api/2.0/mlflow/runs/log-batch {"run_id":"%s","params":[{"key":"a","value":"1"}],\
            "tags":[{"key":"t","value":"new"}],\
            "metrics":[{"key":"m","value":1.0,"timestamp":1700000000123,"step":1}]}"""
                .formatted(ID),
            """
            POST /api/2.0/mlflow/runs/set-tag {"run_id":"%s","key":"shelfmark.heartbeat",\
            "value":"1700000000123"}"""
                .formatted(ID));
  }

  @Test
  void write_oneRefused_isLeftOutAlone() {
    RunWrite good = new RunWrite.Log(ID, RunLog.tags(Map.of("a", "1")));
    RunWrite bad = new RunWrite.Log(ID, RunLog.tags(Map.of("", "1")));
    server
        .then(refusal(400, "INVALID_PARAMETER_VALUE", "together"))
        .then("{}")
        .then(refusal(400, "INVALID_PARAMETER_VALUE", "alone"));

    assertThat(store.runs().write(List.of(good, bad)))
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.write()).isSameAs(bad);
              assertThat(refusal.reason()).hasMessageContaining("alone");
            });
    assertThat(server.sent()).hasSize(3);
  }

  @Test
  void write_serverAwayOrUnwilling_isNoRefusal() {
    List<RunWrite> writes = List.of(new RunWrite.Log(ID, RunLog.tags(Map.of("a", "1"))));
    server.then(refusal(403, "PERMISSION_DENIED", "no"));
    assertThatThrownBy(() -> store.runs().write(writes)).isInstanceOf(AccessDeniedException.class);
    server.then(ScriptedServer.json(404, "<html>"));
    assertThatThrownBy(() -> store.runs().write(writes))
        .isInstanceOf(UnexpectedServerException.class);
    for (int i = 0; i < 3; i++) {
      server.then(refusal(500, "INTERNAL_ERROR", "ill"));
    }
    assertThatThrownBy(() -> store.runs().write(writes))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void history_passesPagesThroughAndAlwaysSaysHowMany() {
    server.then(
        "{\"metrics\":[{\"key\":\"m\",\"value\":1,\"timestamp\":1,\"step\":2}],\"next_page_token\":\"x\"}");
    server.then("{\"metrics\":[]}");

    Page<Metric> first = store.runs().history(ID, "a/b", 10, Optional.empty());
    Page<Metric> second = store.runs().history(ID, "a/b", 10, first.next());

    assertThat(first.items()).containsExactly(new Metric("m", 1, 2, Instant.ofEpochMilli(1)));
    assertThat(second.items()).isEmpty();
    String path = "GET /api/2.0/mlflow/metrics/get-history?run_id=" + ID;
    assertThat(server.sent())
        .containsExactly(
            path + "&metric_key=a%2Fb&max_results=10",
            path + "&metric_key=a%2Fb&max_results=10&page_token=x");
  }

  @Test
  void update_unknown_isNotFound() {
    server.then(refusal(404, "RESOURCE_DOES_NOT_EXIST", "no run"));

    assertThatThrownBy(() -> store.runs().update(ID, RunUpdate.resumed()))
        .isInstanceOf(RecordNotFoundException.class)
        .hasMessageContaining(ID);
  }

  @Test
  void curve_isThinnedOutByTheServer() {
    server.then("{\"key\":\"m\",\"total\":5000,\"points\":[[1,2,0.5],[3,\"4\",\"NaN\"]]}");

    assertThat(store.runs().curve(ID, "m", 100))
        .isEqualTo(
            new Curve(
                "m",
                List.of(
                    new Metric("m", 0.5, 1, Instant.ofEpochMilli(2)),
                    new Metric("m", Double.NaN, 3, Instant.ofEpochMilli(4))),
                5000));
    assertThat(server.sent())
        .containsExactly("GET /api/2.0/shelfmark/curve?run_id=" + ID + "&metric_key=m&points=100");
  }
}
