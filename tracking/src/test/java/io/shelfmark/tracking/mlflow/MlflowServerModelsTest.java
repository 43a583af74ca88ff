package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registered models, their versions and aliases, and logged models on the wire. */
class MlflowServerModelsTest {

  private static final String API = "/api/2.0/mlflow/";

  @TempDir static Path folder;
  private static ServedWorkspace served;
  private static HttpCalls http;
  private static int names;
  private String model;
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
  void createModel() {
    model = "model-" + names++;
    run =
        http.post(API + "runs/create", "{\"experiment_id\":\"0\"}")
            .json()
            .at("/run/info/run_id")
            .asText();
    send("POST", "registered-models/create", "'description':'what it is'");
    http.send(
        "PUT",
        "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/model/model.onnx",
        "weights".getBytes(StandardCharsets.UTF_8));
  }

  private HttpCalls.Reply send(String method, String endpoint, String fields) {
    String body = "{'name':'" + model + "'" + (fields.isEmpty() ? "" : ",") + fields + "}";
    return http.json(method, API + endpoint, body.replace('\'', '"'));
  }

  private JsonNode get(String endpoint, String query) {
    return http.get(API + endpoint + "?name=" + model + query).json();
  }

  private JsonNode createVersion() {
    return send(
            "POST",
            "model-versions/create",
            "'source':'mlflow-artifacts:/0/%s/artifacts/model','run_id':'%s','tags':[{'key':'k','value':'v'}]"
                .formatted(run, run))
        .json()
        .path("model_version");
  }

  @Test
  void model_createdChangedTaggedRenamedDeleted_isAsMlflowHasIt() {
    assertThat(send("POST", "registered-models/create", "").refusal())
        .isEqualTo("400 RESOURCE_ALREADY_EXISTS");
    send("PATCH", "registered-models/update", "'description':'better'");
    send("POST", "registered-models/set-tag", "'key':'k','value':'v'");
    send("POST", "registered-models/set-tag", "'key':'gone','value':'v'");
    send("DELETE", "registered-models/delete-tag", "'key':'gone'");

    JsonNode found = get("registered-models/get", "").path("registered_model");
    assertThat(found.path("description").asText()).isEqualTo("better");
    assertThat(found.path("tags").toString()).isEqualTo("[{\"key\":\"k\",\"value\":\"v\"}]");
    assertThat(found.path("creation_timestamp").longValue()).isPositive();

    String before = model;
    assertThat(
            send("POST", "registered-models/rename", "'new_name':'" + before + "-renamed'")
                .json()
                .at("/registered_model/name")
                .asText())
        .isEqualTo(before + "-renamed");
    assertThat(http.get(API + "registered-models/get?name=" + before).refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    model = before + "-renamed";
    assertThat(send("DELETE", "registered-models/delete", "").text()).isEqualTo("{}");
    assertThat(send("DELETE", "registered-models/delete", "").refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void version_created_isATextAndReady() {
    JsonNode version = createVersion();

    assertThat(version.path("version").isTextual()).isTrue();
    assertThat(version.path("version").asText()).isEqualTo("1");
    assertThat(version.path("status").asText()).isEqualTo("READY");
    assertThat(version.path("current_stage").asText()).isEqualTo("None");
    assertThat(version.path("run_id").asText()).isEqualTo(run);
    assertThat(createVersion().path("version").asText()).isEqualTo("2");

    JsonNode found = get("model-versions/get", "&version=1").path("model_version");
    assertThat(found.path("source").asText()).endsWith(run + "/artifacts/model");
    assertThat(found.at("/tags/0/key").asText()).isEqualTo("k");
  }

  @Test
  void version_files_areFetchedByTheDownloadUri() {
    createVersion();

    String uri = get("model-versions/get-download-uri", "&version=1").path("artifact_uri").asText();

    assertThat(uri).startsWith("mlflow-artifacts:/");
    assertThat(
            http.get(
                    "/api/2.0/mlflow-artifacts/artifacts/"
                        + uri.substring("mlflow-artifacts:/".length())
                        + "/model.onnx")
                .text())
        .isEqualTo("weights");
    assertThat(
            http.get("/model-versions/get-artifact?version=1&path=model.onnx&name=" + model).text())
        .isEqualTo("weights");
  }

  @Test
  void version_changedTaggedSearchedDeleted_isAsMlflowHasIt() {
    createVersion();
    createVersion();
    send("PATCH", "model-versions/update", "'version':'1','description':'first'");
    send("POST", "model-versions/set-tag", "'version':'1','key':'x','value':'y'");
    send("DELETE", "model-versions/delete-tag", "'version':'1','key':'k'");

    JsonNode first = get("model-versions/get", "&version=1").path("model_version");
    assertThat(first.path("description").asText()).isEqualTo("first");
    assertThat(first.path("tags").toString()).isEqualTo("[{\"key\":\"x\",\"value\":\"y\"}]");
    String search = API + "model-versions/search?filter=name%3D%27" + model + "%27";
    assertThat(http.get(search).json().path("model_versions").findValuesAsText("version"))
        .containsExactlyInAnyOrder("1", "2");
    assertThat(http.get(search + "&max_results=200000").status()).isEqualTo(200);
    assertThat(http.get(search + "&max_results=200001").refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");

    send("DELETE", "model-versions/delete", "'version':'1'");
    assertThat(http.get(API + "model-versions/get?version=1&name=" + model).refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void stage_givenWithOthersArchived_isTheLatestOfItsStage() {
    createVersion();
    createVersion();
    send("POST", "model-versions/transition-stage", "'version':'1','stage':'Production'");
    JsonNode second =
        send(
                "POST",
                "model-versions/transition-stage",
                "'version':'2','stage':'production','archive_existing_versions':true")
            .json();

    assertThat(second.at("/model_version/current_stage").asText()).isEqualTo("Production");
    assertThat(get("model-versions/get", "&version=1").at("/model_version/current_stage").asText())
        .isEqualTo("Archived");
    assertThat(
            send("POST", "registered-models/get-latest-versions", "'stages':['Production']")
                .json()
                .path("model_versions")
                .findValuesAsText("version"))
        .containsExactly("2");
    assertThat(get("registered-models/get-latest-versions", "&stages=Archived").toString())
        .contains("\"version\":\"1\"");
    assertThat(
            send("POST", "model-versions/transition-stage", "'version':'2','stage':'Live'")
                .refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void alias_setMovedRead_namesItsVersion() {
    createVersion();
    createVersion();
    send("POST", "registered-models/alias", "'alias':'champion','version':'1'");
    assertThat(send("POST", "registered-models/alias", "'alias':'champion','version':'2'").text())
        .isEqualTo("{}");

    assertThat(
            get("registered-models/alias", "&alias=champion").at("/model_version/version").asText())
        .isEqualTo("2");
    assertThat(get("registered-models/get", "").at("/registered_model/aliases").toString())
        .isEqualTo("[{\"alias\":\"champion\",\"version\":\"2\"}]");
    assertThat(get("model-versions/get", "&version=2").at("/model_version/aliases/0").asText())
        .isEqualTo("champion");
  }

  @Test
  void alias_missing_isABadRequestToGetAndNothingToDelete() {
    assertThat(http.get(API + "registered-models/alias?alias=none&name=" + model).refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(send("DELETE", "registered-models/alias", "'alias':'none'").status()).isEqualTo(200);
    assertThat(http.get(API + "registered-models/alias?alias=none&name=nothing").refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "Latest", "v1", "V17"})
  void alias_reserved_badRequest(String alias) {
    createVersion();

    assertThat(
            send("POST", "registered-models/alias", "'alias':'" + alias + "','version':'1'")
                .refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void alias_toUnknownVersion_isNotFound() {
    assertThat(
            send("POST", "registered-models/alias", "'alias':'champion','version':'9'").refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void aliasHistory_setMovedRemoved_hasEachChange() {
    createVersion();
    createVersion();
    send("POST", "registered-models/alias", "'alias':'champion','version':'1'");
    send("POST", "registered-models/alias", "'alias':'champion','version':'2'");
    send("DELETE", "registered-models/alias", "'alias':'champion'");

    JsonNode history =
        http.get("/ajax-api/2.0/shelfmark/alias-history?alias=champion&name=" + model).json();

    assertThat(history.path("alias").asText()).isEqualTo("champion");
    assertThat(history.path("changes").findValuesAsText("version")).containsExactly("2", "1");
    assertThat(history.path("changes").size()).isEqualTo(3);
    assertThat(history.at("/changes/0").has("version")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc",
        "file:///etc",
        "mlflow-artifacts:/0/x/../../y",
        "s3://bucket/%2e%2e/x",
        "relative"
      })
  void version_ofASourceThatIsNone_badRequest(String source) {
    assertThat(send("POST", "model-versions/create", "'source':'" + source + "'").refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'version':'one'", "'version':''", "'x':1", "'version':'1.5'"})
  void version_thatIsNoNumber_badRequest(String fields) {
    assertThat(send("DELETE", "model-versions/delete", fields).refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void models_searched_comeInPages() {
    String first = model;
    model = first + "-b";
    send("POST", "registered-models/create", "");
    String search =
        API
            + "registered-models/search?max_results=1&order_by=name%20DESC&filter=name%20LIKE%20%27"
            + first
            + "%25%27";

    JsonNode page = http.get(search).json();
    JsonNode last =
        http.get(search + "&page_token=" + page.path("next_page_token").asText()).json();

    assertThat(page.path("registered_models").findValuesAsText("name")).containsExactly(model);
    assertThat(last.path("registered_models").findValuesAsText("name")).containsExactly(first);
    assertThat(http.get(API + "registered-models/search?max_results=1001").refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void deleteByQuery_asSomeClientsSendIt_isTaken() {
    assertThat(
            http.send("DELETE", API + "registered-models/delete?name=" + model, new byte[0])
                .status())
        .isEqualTo(200);
  }

  private static JsonNode logged(String method, String path, String body) {
    return http.json(method, API + "logged-models" + path, body.replace('\'', '"')).json();
  }

  @Test
  void loggedModel_createdFinishedTaggedDeleted_isAsMlflowHasIt() {
    JsonNode made =
        logged(
                "POST",
                "",
                "{'experiment_id':'0','name':'m','model_type':'Agent','source_run_id':'%s','params':[{'key':'p','value':'1'}],'tags':[{'key':'t','value':'1'}]}"
                    .formatted(run))
            .path("model");
    String id = made.at("/info/model_id").asText();

    assertThat(id).matches("m-[0-9a-f]{32}");
    assertThat(made.at("/info/status").asText()).isEqualTo("LOGGED_MODEL_PENDING");
    assertThat(made.at("/info/artifact_uri").asText())
        .isEqualTo("mlflow-artifacts:/0/models/" + id + "/artifacts");
    assertThat(made.at("/data/params/0/value").asText()).isEqualTo("1");

    assertThat(
            logged("PATCH", "/" + id, "{'model_id':'" + id + "','status':'LOGGED_MODEL_READY'}")
                .at("/model/info/status")
                .asText())
        .isEqualTo("LOGGED_MODEL_READY");
    logged("POST", "/" + id + "/params", "{'params':[{'key':'q','value':'2'}]}");
    assertThat(
            logged("PATCH", "/" + id + "/tags", "{'tags':[{'key':'u','value':'2'}]}")
                .at("/model/info/tags")
                .size())
        .isEqualTo(2);
    http.send("DELETE", API + "logged-models/" + id + "/tags/u", new byte[0]);

    JsonNode found = http.get(API + "logged-models/" + id).json().path("model");
    assertThat(found.at("/data/params").size()).isEqualTo(2);
    assertThat(found.at("/info/tags").findValuesAsText("key")).containsExactly("t");

    assertThat(http.send("DELETE", API + "logged-models/" + id, new byte[0]).text())
        .isEqualTo("{}");
    assertThat(http.get(API + "logged-models/" + id).refusal())
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void loggedModel_files_areListedBelowIt() {
    String id =
        logged("POST", "", "{'experiment_id':'0','name':'m'}").at("/model/info/model_id").asText();
    http.send(
        "PUT",
        "/api/2.0/mlflow-artifacts/artifacts/0/models/" + id + "/artifacts/MLmodel",
        new byte[] {1});

    JsonNode files = http.get(API + "logged-models/" + id + "/artifacts/directories").json();

    assertThat(files.at("/files/0/path").asText()).isEqualTo("MLmodel");
    assertThat(files.path("root_uri").asText()).endsWith(id + "/artifacts");
    assertThat(
            http.get(
                    API
                        + "logged-models/"
                        + id
                        + "/artifacts/directories?artifact_directory_path=../..")
                .refusal())
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void loggedModels_searched_areFilteredAndOrdered() {
    String experiment =
        http.post(API + "experiments/create", "{\"name\":\"logged " + names++ + "\"}")
            .json()
            .path("experiment_id")
            .asText();
    for (String name : new String[] {"a", "b", "c"}) {
      logged("POST", "", "{'experiment_id':'" + experiment + "','name':'" + name + "'}");
    }

    JsonNode found =
        logged(
            "POST",
            "/search",
            "{'experiment_ids':['%s'],'filter':'name != \\u0027b\\u0027','order_by':[{'field_name':'name','ascending':false}]}"
                .formatted(experiment));
    JsonNode page =
        logged(
            "POST",
            "/search",
            "{'experiment_ids':['%s'],'max_results':2,'order_by':[{'field_name':'creation_time'}]}"
                .formatted(experiment));

    assertThat(found.path("models").findValuesAsText("name")).containsExactly("c", "a");
    assertThat(page.path("models").size()).isEqualTo(2);
    assertThat(page.path("next_page_token").asText()).isNotEmpty();
  }

  @Test
  void outputs_ofARun_nameItsLoggedModels() {
    String id =
        logged("POST", "", "{'experiment_id':'0','name':'m'}").at("/model/info/model_id").asText();

    http.post(
        API + "runs/outputs",
        "{\"run_id\":\"%s\",\"models\":[{\"model_id\":\"%s\",\"step\":\"3\"}]}".formatted(run, id));

    assertThat(http.get(API + "runs/get?run_id=" + run).json().at("/run/outputs").toString())
        .isEqualTo("{\"model_outputs\":[{\"model_id\":\"" + id + "\",\"step\":3}]}");
  }
}
