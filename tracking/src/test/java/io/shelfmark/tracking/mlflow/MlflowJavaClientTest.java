package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.ActiveRun;
import org.mlflow.tracking.ExperimentsPage;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowContext;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.Page;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * MLflow's own client for Java against the server, call by call; those that start Python to reach
 * artifacts are not among them.
 */
@SuppressWarnings("deprecation") // every call, those that are on their way out, too
class MlflowJavaClientTest {

  @TempDir static Path folder;
  private static ServedWorkspace served;
  private static MlflowClient client;
  private static int names;

  @BeforeAll
  static void open() {
    served = new ServedWorkspace(folder);
    client = new MlflowClient(served.host().uri().toString());
  }

  @AfterAll
  static void close() {
    client.close();
    served.close();
  }

  private static String experiment() {
    return client.createExperiment("experiment " + names++);
  }

  @Test
  void experiment_createdRenamedTaggedDeletedRestored_isFound() {
    String id =
        client.createExperiment(
            Service.CreateExperiment.newBuilder()
                .setName("first name")
                .setArtifactLocation("mlflow-artifacts:/elsewhere")
                .addTags(Service.ExperimentTag.newBuilder().setKey("a").setValue("b"))
                .build());

    client.renameExperiment(id, "second name");
    client.setExperimentTag(id, "k", "v");

    Service.Experiment found = client.getExperiment(id);
    assertThat(found.getName()).isEqualTo("second name");
    assertThat(found.getArtifactLocation()).isEqualTo("mlflow-artifacts:/elsewhere");
    assertThat(found.getLifecycleStage()).isEqualTo("active");
    assertThat(found.getCreationTime()).isPositive();
    assertThat(found.getTagsList())
        .extracting(tag -> tag.getKey() + "=" + tag.getValue())
        .containsExactly("a=b", "k=v");
    assertThat(client.getExperimentByName("second name")).contains(found);
    assertThat(client.getExperimentByName("first name")).isEmpty();

    client.deleteExperiment(id);
    assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("deleted");
    client.restoreExperiment(id);
    assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("active");
  }

  @Test
  void experiments_searched_comeInPages() {
    experiment();
    experiment();

    ExperimentsPage first =
        client.searchExperiments(
            "name LIKE 'experiment%'", ViewType.ACTIVE_ONLY, 1, List.of("name DESC"));
    Page<Service.Experiment> second = first.getNextPage();

    assertThat(first.getItems()).hasSize(1);
    assertThat(first.hasNextPage()).isTrue();
    assertThat(second.getItems()).hasSize(1).doesNotContainAnyElementsOf(first.getItems());
    assertThat(client.searchExperiments().getItems()).hasSizeGreaterThan(1);
    assertThat(client.searchExperiments("name = 'none'").getItems()).isEmpty();
  }

  @Test
  void run_createdEveryWay_isFound() {
    String experiment = experiment();
    RunInfo plain = client.createRun(experiment);
    RunInfo detailed =
        client.createRun(
            Service.CreateRun.newBuilder()
                .setExperimentId(experiment)
                .setUserId("ada")
                .setRunName("named")
                .setStartTime(1_700_000_000_000L)
                .addTags(Service.RunTag.newBuilder().setKey("k").setValue("v"))
                .build());

    assertThat(client.createRun().getExperimentId()).isEqualTo("0");
    assertThat(client.getRun(plain.getRunId()).getInfo()).isEqualTo(plain);
    Service.Run run = client.getRun(detailed.getRunId());
    assertThat(run.getInfo().getUserId()).isEqualTo("ada");
    assertThat(run.getInfo().getRunName()).isEqualTo("named");
    assertThat(run.getInfo().getStartTime()).isEqualTo(1_700_000_000_000L);
    assertThat(run.getInfo().getStatus()).isEqualTo(RunStatus.RUNNING);
    assertThat(run.getData().getTagsList()).anyMatch(tag -> tag.getKey().equals("k"));
  }

  @Test
  void run_logged_hasParamsMetricsAndTags() {
    String id = client.createRun(experiment()).getRunId();

    client.logParam(id, "rate", "0.1");
    client.logMetric(id, "loss", 0.5);
    client.logMetric(id, "loss", 0.25, 1_700_000_000_000L, 7);
    client.logMetric(id, "odd", Double.NaN, 1, 1);
    client.logMetric(id, "odd", Double.NEGATIVE_INFINITY, 2, 2);
    client.setTag(id, "k", "v");
    client.setTag(id, "gone", "v");
    client.deleteTag(id, "gone");

    Service.RunData data = client.getRun(id).getData();
    assertThat(data.getParams(0)).isEqualTo(param("rate", "0.1"));
    assertThat(data.getMetricsList())
        .contains(metric("loss", 0.25, 1_700_000_000_000L, 7))
        .contains(metric("odd", Double.NEGATIVE_INFINITY, 2, 2));
    assertThat(data.getTagsList())
        .extracting(Service.RunTag::getKey)
        .contains("k")
        .doesNotContain("gone");
    assertThat(client.getMetricHistory(id, "odd"))
        .containsExactly(
            metric("odd", Double.NaN, 1, 1), metric("odd", Double.NEGATIVE_INFINITY, 2, 2));
    assertThat(client.getMetricHistory(id, "none")).isEmpty();
  }

  private static Service.Param param(String key, String value) {
    return Service.Param.newBuilder().setKey(key).setValue(value).build();
  }

  private static Service.Metric metric(String key, double value, long time, long step) {
    return Service.Metric.newBuilder()
        .setKey(key)
        .setValue(value)
        .setTimestamp(time)
        .setStep(step)
        .build();
  }

  @Test
  void run_loggedInABatch_hasAllOfIt() {
    String id = client.createRun(experiment()).getRunId();

    client.logBatch(
        id,
        List.of(metric("m", 1, 1, 1), metric("m", 2, 2, 2)),
        List.of(param("p", "1")),
        List.of(Service.RunTag.newBuilder().setKey("t").setValue("1").build()));

    assertThat(client.getMetricHistory(id, "m")).hasSize(2);
    assertThat(client.getRun(id).getData().getParamsList()).containsExactly(param("p", "1"));
  }

  @Test
  void run_terminatedEveryWay_hasItsStatus() {
    String experiment = experiment();
    String finished = client.createRun(experiment).getRunId();
    String failed = client.createRun(experiment).getRunId();
    String killed = client.createRun(experiment).getRunId();

    client.setTerminated(finished);
    client.setTerminated(failed, RunStatus.FAILED);
    client.setTerminated(killed, RunStatus.KILLED, 1_800_000_000_000L);

    assertThat(client.getRun(finished).getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(client.getRun(failed).getInfo().getStatus()).isEqualTo(RunStatus.FAILED);
    assertThat(client.getRun(killed).getInfo().getEndTime()).isEqualTo(1_800_000_000_000L);
  }

  @Test
  void runs_searchedEveryWay_areFound() {
    String experiment = experiment();
    String low = client.createRun(experiment).getRunId();
    String high = client.createRun(experiment).getRunId();
    String gone = client.createRun(experiment).getRunId();
    client.logMetric(low, "acc", 0.1);
    client.logMetric(high, "acc", 0.9);
    client.deleteRun(gone);
    List<String> in = List.of(experiment);

    assertThat(client.listRunInfos(experiment)).extracting(RunInfo::getRunId).contains(low, high);
    assertThat(client.searchRuns(in, "metrics.acc > 0.5"))
        .extracting(RunInfo::getRunId)
        .containsExactly(high);
    assertThat(client.searchRuns(in, "", ViewType.DELETED_ONLY))
        .extracting(RunInfo::getRunId)
        .containsExactly(gone);
    assertThat(client.searchRuns(in, "", ViewType.ALL, 10).getItems()).hasSize(3);

    Page<Service.Run> first =
        client.searchRuns(in, "", ViewType.ACTIVE_ONLY, 1, List.of("metrics.acc DESC"));
    assertThat(first.getItems()).extracting(run -> run.getInfo().getRunId()).containsExactly(high);
    assertThat(
            StreamSupport.stream(first.getNextPage().getItems().spliterator(), false)
                .map(run -> run.getInfo().getRunId()))
        .containsExactly(low);

    client.restoreRun(gone);
    assertThat(client.searchRuns(in, "", ViewType.ACTIVE_ONLY)).hasSize(3);
  }

  @Test
  void refusals_ofTheServer_areTheClientsExceptions() {
    String id = client.createRun(experiment()).getRunId();
    client.logParam(id, "p", "1");

    assertThatExceptionOfType(MlflowHttpException.class)
        .isThrownBy(() -> client.logParam(id, "p", "2"))
        .satisfies(e -> assertThat(e.getStatusCode()).isEqualTo(400))
        .satisfies(e -> assertThat(e.getBodyMessage()).contains("INVALID_PARAMETER_VALUE"));
    assertThatExceptionOfType(MlflowHttpException.class)
        .isThrownBy(() -> client.getRun("f".repeat(32)))
        .satisfies(e -> assertThat(e.getStatusCode()).isEqualTo(404));
    assertThatExceptionOfType(MlflowHttpException.class)
        .isThrownBy(() -> client.createExperiment("Default"))
        .satisfies(e -> assertThat(e.getBodyMessage()).contains("RESOURCE_ALREADY_EXISTS"));
  }

  @Test
  void rawCalls_getPostAndPatch_areAnswered() {
    assertThat(client.sendGet("experiments/get?experiment_id=0")).contains("\"Default\"");
    assertThat(client.sendPost("runs/create", "{\"experiment_id\":\"0\"}")).contains("run_id");
  }

  @Test
  void context_runsNestedAndInALambda_areOnRecord() {
    MlflowContext context = new MlflowContext(client);
    context.setExperimentId(experiment());

    ActiveRun parent = context.startRun("parent");
    ActiveRun child = context.startRun("child", parent.getId());
    child.logMetric("m", 1);
    child.endRun();
    parent.endRun();
    context.withActiveRun("lambda", run -> run.logParam("p", "1"));

    assertThat(
            client.searchRuns(
                List.of(context.getExperimentId()),
                "tags.`mlflow.parentRunId` = '" + parent.getId() + "'"))
        .extracting(RunInfo::getRunId)
        .containsExactly(child.getId());
    assertThat(
            client.searchRuns(
                List.of(context.getExperimentId()),
                "attributes.run_name = 'lambda' AND params.p = '1'"))
        .extracting(RunInfo::getStatus)
        .containsExactly(RunStatus.FINISHED);
  }

  @Test
  void credentials_ofUsers_areThoseOfTheClient() {
    MlflowUsers users =
        MlflowUsers.builder()
            .iterations(1000)
            .user("ada")
            .role(MlflowRole.WRITER)
            .password("secret")
            .token("token")
            .build();
    MlflowServlet servlet = MlflowServlet.builder(served.store()).users(users).build();
    try (MlflowHost host = MlflowHost.mounting(servlet, "/mlflow")) {
      String uri = host.uri().toString();
      try (MlflowClient byPassword =
              new MlflowClient(new BasicMlflowHostCreds(uri, "ada", "secret"));
          MlflowClient byToken = new MlflowClient(new BasicMlflowHostCreds(uri, "token"));
          MlflowClient stranger = new MlflowClient(uri)) {
        assertThat(byPassword.createRun("0").getRunId()).isNotEmpty();
        assertThat(byToken.getExperiment("0").getName()).isEqualTo("Default");
        assertThatExceptionOfType(MlflowHttpException.class)
            .isThrownBy(() -> stranger.getExperiment("0"))
            .satisfies(e -> assertThat(e.getStatusCode()).isEqualTo(401));
      }
    }
  }
}
