package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Experiments, runs and metrics on the wire, and what MLflow's servers do that one may not guess.
 */
class MlflowServerRunsTest {

  private static final String API = "/api/2.0/mlflow/";

  @TempDir static Path folder;
  private static ServedWorkspace served;
  private static HttpCalls http;
  private static int names;
  private String run;

  @BeforeAll
  static void open() {
    served = new ServedWorkspace(folder);
    http = new HttpCalls(served.host().uri());
  }

  @AfterAll
  static void close() {
    served.close();
  }

  @BeforeEach
  void createRun() {
    run =
        http.post(API + "runs/create", "{\"experiment_id\":\"0\",\"start_time\":1700000000000}")
            .json()
            .at("/run/info/run_id")
            .asText();
  }

  private static String body(String text) {
    return text.replace('\'', '"');
  }

  private HttpCalls.Reply log(String endpoint, String fields) {
    return http.post(API + "runs/" + endpoint, body("{'run_id':'" + run + "'," + fields + "}"));
  }

  private JsonNode readRun() {
    return http.get(API + "runs/get?run_id=" + run).json().path("run");
  }

  @Test
  void createRun_headOfRun_hasEveryFieldOfTheContract() {
    JsonNode info =
        http.post(
                API + "runs/create",
                body(
                    "{'experiment_id':'0','user_id':'ada','run_name':'first','start_time':'1700000000000','tags':[{'key':'a','value':'b'}],'unknown':{}}"))
            .json()
            .at("/run/info");

    assertThat(info.path("run_uuid")).isEqualTo(info.path("run_id"));
    assertThat(info.path("run_id").asText()).matches("[0-9a-f]{32}");
    assertThat(info.path("run_name").asText()).isEqualTo("first");
    assertThat(info.path("experiment_id").asText()).isEqualTo("0");
    assertThat(info.path("user_id").asText()).isEqualTo("ada");
    assertThat(info.path("status").asText()).isEqualTo("RUNNING");
    assertThat(info.path("start_time").longValue()).isEqualTo(1_700_000_000_000L);
    assertThat(info.has("end_time")).isFalse();
    assertThat(info.path("lifecycle_stage").asText()).isEqualTo("active");
    assertThat(info.path("artifact_uri").asText())
        .isEqualTo("mlflow-artifacts:/0/" + info.path("run_id").asText() + "/artifacts");
  }

  @Test
  void createRun_idOfTheCaller_isKeptAndMadeOnce() {
    String id = "0123456789abcdef".repeat(2);
    String create = body("{'experiment_id':'0','run_id':'" + id + "','start_time':1}");

    HttpCalls.Reply first = http.post(API + "runs/create", create);
    HttpCalls.Reply second = http.post(API + "runs/create", create);
    HttpCalls.Reply elsewhere =
        http.post(
            API + "runs/create",
            body("{'experiment_id':'" + experiment() + "','run_id':'" + id + "'}"));
    HttpCalls.Reply noId = http.post(API + "runs/create", body("{'run_id':'../x'}"));

    assertThat(first.json().at("/run/info/run_id").asText()).isEqualTo(id);
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(elsewhere.refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(noId.refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void createRun_nameAndNameTagDiffer_badRequest() {
    HttpCalls.Reply reply =
        http.post(
            API + "runs/create",
            body(
                "{'experiment_id':'0','run_name':'a','tags':[{'key':'mlflow.runName','value':'b'}]}"));

    assertThat(reply.refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @ParameterizedTest
  @CsvSource({"'NaN',NaN", "'Infinity',Infinity", "'-Infinity',-Infinity"})
  void logMetric_valueThatJsonHasNoNumberFor_travelsAsText(String sent, String answered) {
    assertThat(log("log-metric", "'key':'m','timestamp':1,'value':'" + sent + "'").status())
        .isEqualTo(200);

    JsonNode value = readRun().at("/data/metrics/0/value");
    assertThat(value.isTextual()).isTrue();
    assertThat(value.asText()).isEqualTo(answered);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.5", "'0.5'", "5e-1"})
  void logMetric_numbersAsTextsOrNumbers_areTaken(String value) {
    assertThat(log("log-metric", "'key':'m','timestamp':'12','step':'3','value':" + value).status())
        .isEqualTo(200);

    assertThat(readRun().at("/data/metrics/0").toString())
        .isEqualTo(body("{'key':'m','value':0.5,'timestamp':12,'step':3}"));
  }

  @Test
  void logMetric_bareNaNAsPythonWritesIt_isTaken() {
    assertThat(log("log-metric", "'key':'m','timestamp':1,'value':NaN").status()).isEqualTo(200);

    assertThat(readRun().at("/data/metrics/0/value").asText()).isEqualTo("NaN");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'key':'','timestamp':1,'value':1",
        "'timestamp':1,'value':1",
        "'key':'m','value':1",
        "'key':'m','timestamp':1",
        "'key':'m','timestamp':1.5,'value':1",
        "'key':'m','timestamp':1,'value':'much'",
        "'key':'m','timestamp':1,'value':'1d'",
        "'key':'m','timestamp':99999999999999999999,'value':1",
        "'key':7,'timestamp':1,'value':1",
        "'key':'m','timestamp':1,'step':{},'value':1"
      })
  void logMetric_fieldThatIsNotWhatItHasToBe_badRequest(String fields) {
    assertThat(log("log-metric", fields).refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void logMetric_keysOf250And251Characters_takenAndRefused() {
    assertThat(log("log-metric", metric("k".repeat(250))).status()).isEqualTo(200);
    assertThat(log("log-metric", metric("k".repeat(251))).refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  private static String metric(String key) {
    return "'key':'" + key + "','timestamp':1,'value':1";
  }

  @Test
  void logParameter_sameValueAndChangedValue_takenAndRefused() {
    assertThat(log("log-parameter", "'key':'p','value':'1'").status()).isEqualTo(200);
    assertThat(log("log-parameter", "'key':'p','value':'1'").text()).isEqualTo("{}");
    HttpCalls.Reply changed = log("log-parameter", "'key':'p','value':'2'");

    assertThat(changed.refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(changed.json().path("message").asText()).contains("param p");
    assertThat(readRun().at("/data/params/0/value").asText()).isEqualTo("1");
  }

  @Test
  void logBatch_paramChanged_nothingOfItIsLogged() {
    log("log-parameter", "'key':'p','value':'1'");

    HttpCalls.Reply reply =
        log(
            "log-batch",
            "'metrics':[{'key':'m','value':1,'timestamp':1}],'params':[{'key':'p','value':'2'}]");

    assertThat(reply.refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(readRun().at("/data/metrics").size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "1000,0,0,200",
    "1001,0,0,400",
    "0,100,0,200",
    "0,101,0,400",
    "0,0,100,200",
    "0,0,101,400",
    "801,100,99,200",
    "801,100,100,400"
  })
  void logBatch_atAndOverTheLimits_takenAndRefused(
      int metrics, int params, int tags, int expected) {
    HttpCalls.Reply reply =
        log(
            "log-batch",
            "'metrics':[%s],'params':[%s],'tags':[%s]"
                .formatted(
                    list(metrics, "{'key':'m%d','value':1,'timestamp':1}"),
                    list(params, "{'key':'p%d','value':'1'}"),
                    list(tags, "{'key':'t%d','value':'1'}")));

    assertThat(reply.status()).isEqualTo(expected);
  }

  private static String list(int count, String item) {
    return IntStream.range(0, count)
        .mapToObj(i -> item.formatted(i))
        .collect(Collectors.joining(","));
  }

  @Test
  void logBatch_oneKeyTwiceWithTwoValues_badRequest() {
    assertThat(
            log("log-batch", "'params':[{'key':'p','value':'1'},{'key':'p','value':'2'}]")
                .refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void run_unknown_isNotFound() {
    String unknown = "f".repeat(32);

    assertThat(http.get(API + "runs/get?run_id=" + unknown).refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(
            http.post(
                    API + "runs/log-metric",
                    body("{'run_id':'" + unknown + "'," + metric("m") + "}"))
                .refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void run_deleted_refusesLoggingUntilItIsRestored() {
    assertThat(log("delete", "'x':1").status()).isEqualTo(200);
    assertThat(readRun().at("/info/lifecycle_stage").asText()).isEqualTo("deleted");
    assertThat(log("log-metric", metric("m")).refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");

    assertThat(log("restore", "'x':1").status()).isEqualTo(200);
    assertThat(log("log-metric", metric("m")).status()).isEqualTo(200);
  }

  @Test
  void deleteTag_unknown_isNotFound() {
    assertThat(log("delete-tag", "'key':'none'").refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void updateRun_statusEndAndName_areAnsweredInRunInfo() {
    JsonNode info =
        log("update", "'status':'FINISHED','end_time':1700000001000,'run_name':'other'")
            .json()
            .path("run_info");

    assertThat(info.path("status").asText()).isEqualTo("FINISHED");
    assertThat(info.path("end_time").longValue()).isEqualTo(1_700_000_001_000L);
    assertThat(info.path("run_name").asText()).isEqualTo("other");
    assertThat(log("update", "'status':'DONE'").refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void run_byRunUuidOfOldClients_isFound() {
    assertThat(http.get(API + "runs/get?run_uuid=" + run).status()).isEqualTo(200);
    assertThat(http.get("/ajax-api/2.0/mlflow/runs/get?run_id=" + run).status()).isEqualTo(200);
    assertThat(http.get("/api/2.0/preview/mlflow/runs/get?run_id=" + run).status()).isEqualTo(200);
  }

  @Test
  void inputsAndOutputs_logged_areAnsweredWithTheRun() {
    assertThat(
            log(
                    "log-inputs",
                    "'datasets':[{'tags':[{'key':'mlflow.data.context','value':'training'}],'dataset':{'name':'d','digest':'12','source_type':'local','source':'s'}}]")
                .text())
        .isEqualTo("{}");

    JsonNode input = readRun().at("/inputs/dataset_inputs/0");
    assertThat(input.at("/dataset/digest").asText()).isEqualTo("12");
    assertThat(input.at("/tags/0/value").asText()).isEqualTo("training");
  }

  @Test
  void logModel_twice_historyIsInTheTag() {
    log("log-model", "'model_json':'{\\\"run_id\\\":1}'");
    log("log-model", "'model_json':'{\\\"run_id\\\":2}'");

    assertThat(readRun().at("/data/tags").toString())
        .contains("mlflow.log-model.history")
        .contains("[{\\\"run_id\\\":1},{\\\"run_id\\\":2}]");
    assertThat(log("log-model", "'model_json':'{'").refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void search_filterOrderAndPages_findTheRuns() {
    String experiment = experiment();
    for (int i = 0; i < 3; i++) {
      run =
          http.post(API + "runs/create", body("{'experiment_id':'" + experiment + "'}"))
              .json()
              .at("/run/info/run_id")
              .asText();
      log("log-metric", "'key':'acc','timestamp':1,'value':" + i);
    }
    String search =
        "'experiment_ids':['%s'],'filter':'metrics.acc > 0','order_by':['metrics.acc DESC'],'max_results':1"
            .formatted(experiment);

    JsonNode first = http.post(API + "runs/search", body("{" + search + "}")).json();
    JsonNode second =
        http.post(
                API + "runs/search",
                body(
                    "{"
                        + search
                        + ",'page_token':'"
                        + first.path("next_page_token").asText()
                        + "'}"))
            .json();

    assertThat(first.at("/runs/0/data/metrics/0/value").doubleValue()).isEqualTo(2);
    assertThat(second.at("/runs/0/data/metrics/0/value").doubleValue()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"filter\":\"metrics.a > 1 OR metrics.b > 2\"",
        "\"filter\":\"metrics.a = 'x'\"",
        "\"filter\":\"params.a > 3\"",
        "\"filter\":\"tags.a = 'x'; DROP TABLE runs\"",
        "\"max_results\":0",
        "\"max_results\":50001",
        "\"run_view_type\":\"SOME\"",
        "\"order_by\":\"metrics.a\"",
        "\"page_token\":\"made up\""
      })
  void search_whatIsNoSearch_badRequest(String fields) {
    HttpCalls.Reply reply =
        http.post(API + "runs/search", "{\"experiment_ids\":[\"0\"]," + fields + "}");

    assertThat(reply.refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(reply.json().path("message").asText()).doesNotContain("request body");
  }

  @Test
  void search_sqlInFilter_isNothingButAText() {
    HttpCalls.Reply reply =
        http.post(
            API + "runs/search",
            "{\"experiment_ids\":[\"0\"],\"filter\":\"tags.`a' OR '1'='1` = 'x'\"}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("runs").size()).isZero();
    assertThat(readRun().at("/info/run_id").asText()).isEqualTo(run);
  }

  @Test
  void search_fiftyThousand_isTheMostOfAPage() {
    assertThat(
            http.post(API + "runs/search", body("{'experiment_ids':['0'],'max_results':50000}"))
                .status())
        .isEqualTo(200);
  }

  @Test
  void history_withAndWithoutMaxResults_pageAndWhole() {
    log(
        "log-batch",
        "'metrics':[" + list(10, "{'key':'loss','value':%1$d,'timestamp':%1$d,'step':%1$d}") + "]");
    String history = API + "metrics/get-history?metric_key=loss&run_id=" + run;

    JsonNode page = http.get(history + "&max_results=4").json();
    JsonNode last =
        http.get(history + "&max_results=6&page_token=" + page.path("next_page_token").asText())
            .json();
    JsonNode whole = http.get(history).json();

    assertThat(page.path("metrics").size()).isEqualTo(4);
    assertThat(last.path("metrics").size()).isEqualTo(6);
    assertThat(last.path("metrics").get(5).path("step").longValue()).isEqualTo(9);
    assertThat(whole.path("metrics").size()).isEqualTo(10);
    assertThat(whole.has("next_page_token")).isFalse();
    assertThat(http.get(history + "&max_results=0").refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void historyBulkInterval_ofSeveralRuns_hasTheRunsAndTheSteps() {
    log(
        "log-batch",
        "'metrics':[" + list(10, "{'key':'loss','value':%1$d,'timestamp':%1$d,'step':%1$d}") + "]");
    String path =
        "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?metric_key=loss&run_ids=" + run;

    JsonNode all = http.get(path).json().path("metrics");
    JsonNode some =
        http.get(path + "&start_step=3&end_step=7&max_results=3").json().path("metrics");

    assertThat(all.size()).isEqualTo(10);
    assertThat(all.get(0).path("run_id").asText()).isEqualTo(run);
    assertThat(some.findValuesAsText("step")).containsExactly("3", "5", "7");
    assertThat(http.get(path + "&start_step=3").refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(http.get(path + "&max_results=2501").refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void curve_ofHistory_hasTotalAndTriples() {
    log(
        "log-batch",
        "'metrics':[{'key':'loss','value':'NaN','timestamp':5,'step':0},{'key':'loss','value':0.5,'timestamp':6,'step':1}]");

    assertThat(
            http.get("/ajax-api/2.0/shelfmark/curve?metric_key=loss&points=100&run_id=" + run)
                .text())
        .isEqualTo(body("{'key':'loss','total':2,'points':[[0,5,'NaN'],[1,6,0.5]]}"));
    assertThat(
            http.get("/ajax-api/2.0/shelfmark/curve?metric_key=loss&points=1&run_id=" + run)
                .refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  private static String experiment() {
    return http.post(API + "experiments/create", body("{'name':'e" + names++ + "'}"))
        .json()
        .path("experiment_id")
        .asText();
  }

  @Test
  void experiment_madeFoundRenamedTaggedDeletedRestored_isAsMlflowHasIt() {
    String id = experiment();
    String of = "{'experiment_id':'" + id + "'";
    HttpCalls.Reply renamed =
        http.post(API + "experiments/update", body(of + ",'new_name':'renamed'}"));
    http.post(API + "experiments/set-experiment-tag", body(of + ",'key':'k','value':'v'}"));

    JsonNode found =
        http.get(API + "experiments/get-by-name?experiment_name=renamed").json().path("experiment");
    assertThat(renamed.text()).isEqualTo("{}");
    assertThat(found.path("experiment_id").asText()).isEqualTo(id);
    assertThat(found.path("lifecycle_stage").asText()).isEqualTo("active");
    assertThat(found.path("artifact_location").asText()).isEqualTo("mlflow-artifacts:/" + id);
    assertThat(found.at("/tags/0/value").asText()).isEqualTo("v");

    http.post(API + "experiments/delete-experiment-tag", body(of + ",'key':'k'}"));
    http.post(API + "experiments/delete", body(of + "}"));
    JsonNode deleted =
        http.get(API + "experiments/get?experiment_id=" + id).json().path("experiment");
    assertThat(deleted.path("lifecycle_stage").asText()).isEqualTo("deleted");
    assertThat(deleted.path("tags").size()).isZero();
    assertThat(
            http.get(API + "experiments/search?view_type=DELETED_ONLY&max_results=1000")
                .json()
                .path("experiments")
                .findValuesAsText("experiment_id"))
        .contains(id);

    http.post(API + "experiments/restore", body(of + "}"));
    assertThat(
            http.post(API + "experiments/search", body("{'filter':'name = \\u0027renamed\\u0027'}"))
                .json()
                .at("/experiments/0/experiment_id")
                .asText())
        .isEqualTo(id);
  }

  @Test
  void createExperiment_nameThatIsThere_is400NotConflict() {
    assertThat(http.post(API + "experiments/create", body("{'name':'Default'}")).refusal())
        .isEqualTo("400 RESOURCE_ALREADY_EXISTS");
    assertThat(http.post(API + "experiments/create", "{}").refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void createExperiment_locationThatClimbsOut_badRequest() {
    assertThat(
            http.post(
                    API + "experiments/create",
                    body("{'name':'x','artifact_location':'mlflow-artifacts:/a/%2e%2e/b'}"))
                .refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void experiment_unknown_isNotFound() {
    assertThat(http.get(API + "experiments/get?experiment_id=4711").refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(http.get(API + "experiments/get-by-name?experiment_name=none").refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
  }
}
