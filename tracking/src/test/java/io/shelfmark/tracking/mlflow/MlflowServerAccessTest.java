package io.shelfmark.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.tracking.store.NewExperiment;
import io.shelfmark.tracking.store.TrackingStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what on a server with users. */
class MlflowServerAccessTest {

  private static final String API = "/api/2.0/mlflow/";

  @TempDir static Path folder;
  private static ServedWorkspace served;
  private static String mine;
  private static String theirs;
  private static String myRun;
  private static String theirRun;

  @BeforeAll
  static void open() {
    served = new ServedWorkspace(folder, MlflowServerAccessTest::servlet);
    myRun = run(mine);
    theirRun = run(theirs);
  }

  private static MlflowServlet servlet(TrackingStore store) {
    mine = store.experiments().create(NewExperiment.named("mine")).id();
    theirs = store.experiments().create(NewExperiment.named("theirs")).id();
    MlflowUsers users =
        MlflowUsers.builder()
            .iterations(1000)
            .user("reader")
            .role(MlflowRole.READER)
            .token("reader-token")
            .user("writer")
            .role(MlflowRole.WRITER)
            .password("wörd:with colon")
            .token("writer-token")
            .user("admin")
            .role(MlflowRole.ADMIN)
            .token("admin-token")
            .user("guest")
            .token("guest-token")
            .grant(mine, MlflowRole.WRITER)
            .user("mixed")
            .role(MlflowRole.READER)
            .token("mixed-token")
            .grant(mine, MlflowRole.ADMIN)
            .build();
    return MlflowServlet.builder(store).users(users).build();
  }

  private static String filled(String text) {
    return text.replace("MINE", mine).replace("THEIRS", theirs);
  }

  @AfterAll
  static void close() {
    served.close();
  }

  private static HttpCalls as(String user) {
    return new HttpCalls(served.host().uri(), "Authorization", "Bearer " + user + "-token");
  }

  private static HttpCalls basic(String credentials) {
    return new HttpCalls(
        served.host().uri(),
        "Authorization",
        "Basic "
            + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
  }

  private static String run(String experiment) {
    return as("writer")
        .post(API + "runs/create", "{\"experiment_id\":\"" + experiment + "\"}")
        .json()
        .at("/run/info/run_id")
        .asText();
  }

  @Test
  void stranger_anyEndpoint_isUnauthorizedAsMlflowSaysIt() {
    HttpCalls.Reply reply = new HttpCalls(served.host().uri()).get(API + "experiments/search");

    assertThat(reply.refusal()).isEqualTo("401 UNAUTHENTICATED");
    assertThat(reply.header("WWW-Authenticate")).isEqualTo("Basic realm=\"mlflow\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/none", "/api/2.0/mlflow/none", "/page/main.js"})
  void stranger_anyAddress_learnsNothingOfWhatThereIs(String path) {
    assertThat(new HttpCalls(served.host().uri()).get(path).status()).isEqualTo(401);
  }

  @Test
  void stranger_healthAndVersion_areAnswered() {
    HttpCalls stranger = new HttpCalls(served.host().uri());

    assertThat(stranger.get("/health").status()).isEqualTo(200);
    assertThat(stranger.get("/version").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer wrong",
        "Bearer",
        "Bearer reader-token x",
        "Basic !!!",
        "Basic cmVhZGVy",
        "Digest x",
        ""
      })
  void authorization_thatIsNobodys_isUnauthorized(String header) {
    HttpCalls wrong = new HttpCalls(served.host().uri(), "Authorization", header);

    assertThat(wrong.get(API + "experiments/search").refusal()).isEqualTo("401 UNAUTHENTICATED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"writer:wrong", "nobody:wörd:with colon", "reader:reader-token", ":", "writer:"})
  void password_thatIsWrong_isUnauthorized(String credentials) {
    assertThat(basic(credentials).get(API + "experiments/search").refusal())
        .isEqualTo("401 UNAUTHENTICATED");
  }

  @Test
  void password_rightAgainAndAgain_isLetIn() {
    for (int i = 0; i < 3; i++) {
      assertThat(basic("writer:wörd:with colon").get(API + "experiments/search").status())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "reader, experiments/create, '{\"name\":\"r\"}', 403",
    "writer, experiments/create, '{\"name\":\"w\"}', 200",
    "guest, experiments/create, '{\"name\":\"g\"}', 403",
    "reader, runs/create, '{\"experiment_id\":\"MINE\"}', 403",
    "guest, runs/create, '{\"experiment_id\":\"MINE\"}', 200",
    "guest, runs/create, '{\"experiment_id\":\"THEIRS\"}', 403",
    "guest, runs/create, '{}', 403",
    "mixed, runs/create, '{\"experiment_id\":\"MINE\"}', 200",
    "mixed, runs/create, '{\"experiment_id\":\"THEIRS\"}', 403",
    "writer, experiments/delete, '{\"experiment_id\":\"MINE\"}', 403",
    "guest, experiments/delete, '{\"experiment_id\":\"MINE\"}', 403",
    "reader, registered-models/create, '{\"name\":\"m\"}', 403",
    "guest, registered-models/create, '{\"name\":\"m\"}', 403",
    "guest, registered-models/search, '{}', 403",
    "mixed, registered-models/create, '{\"name\":\"m\"}', 403"
  })
  void role_andGrant_decideWhatMayBeDone(String user, String endpoint, String body, int expected) {
    assertThat(as(user).post(API + endpoint, filled(body)).status()).isEqualTo(expected);
  }

  @Test
  void admin_ofAnExperiment_deletesAndRestoresIt() {
    String body = filled("{\"experiment_id\":\"MINE\"}");

    assertThat(as("mixed").post(API + "experiments/delete", body).status()).isEqualTo(200);
    assertThat(as("mixed").post(API + "experiments/restore", body).status()).isEqualTo(200);
    assertThat(
            as("mixed")
                .post(API + "experiments/delete", filled("{\"experiment_id\":\"THEIRS\"}"))
                .refusal())
        .isEqualTo("403 PERMISSION_DENIED");
  }

  @Test
  void guest_sees_itsExperimentAlone() {
    HttpCalls guest = as("guest");

    JsonNode seen = guest.get(API + "experiments/search").json().path("experiments");
    assertThat(seen.findValuesAsText("experiment_id")).containsExactly(mine);
    assertThat(
            guest
                .post(
                    API + "runs/search", filled("{\"experiment_ids\":[\"0\",\"MINE\",\"THEIRS\"]}"))
                .json()
                .findValuesAsText("experiment_id"))
        .isNotEmpty()
        .containsOnly(mine);
    assertThat(guest.get(API + "experiments/get-by-name?experiment_name=mine").status())
        .isEqualTo(200);
    assertThat(guest.get(API + "experiments/get-by-name?experiment_name=theirs").status())
        .isEqualTo(404);
    assertThat(guest.get(API + "experiments/get?experiment_id=" + theirs).status()).isEqualTo(403);
  }

  @Test
  void guest_runOfItsExperiment_isReadAndWrittenAndOthersAreNot() {
    HttpCalls guest = as("guest");
    String metric = ",\"key\":\"m\",\"value\":1,\"timestamp\":1}";

    assertThat(guest.get(API + "runs/get?run_id=" + myRun).status()).isEqualTo(200);
    assertThat(guest.get(API + "runs/get?run_id=" + theirRun).status()).isEqualTo(403);
    assertThat(guest.get(API + "runs/get?run_id=" + "f".repeat(32)).status()).isEqualTo(403);
    assertThat(
            guest.post(API + "runs/log-metric", "{\"run_id\":\"" + myRun + "\"" + metric).status())
        .isEqualTo(200);
    assertThat(
            guest
                .post(API + "runs/log-metric", "{\"run_id\":\"" + theirRun + "\"" + metric)
                .status())
        .isEqualTo(403);
    String both = "&run_ids=" + myRun + "&run_ids=" + theirRun;
    assertThat(guest.get(API + "metrics/get-history-bulk-interval?metric_key=m" + both).status())
        .isEqualTo(403);
  }

  /** Old clients name a run by run_uuid; naming two runs at once must not lead past the guard. */
  @Test
  void guest_requestThatNamesTwoRuns_isJudgedByTheOneThatIsUsed() {
    String mineFirst = "{\"run_id\":\"" + myRun + "\",\"run_uuid\":\"" + theirRun + "\"";
    String theirsFirst = "{\"run_id\":\"" + theirRun + "\",\"run_uuid\":\"" + myRun + "\"";

    as("guest").post(API + "runs/set-tag", mineFirst + ",\"key\":\"k\",\"value\":\"v\"}");
    assertThat(
            as("guest")
                .post(API + "runs/set-tag", theirsFirst + ",\"key\":\"k\",\"value\":\"v\"}")
                .status())
        .isEqualTo(403);
    assertThat(as("admin").get(API + "runs/get?run_id=" + theirRun).text())
        .doesNotContain("\"key\":\"k\"");
  }

  @Test
  void guest_artifacts_areThoseOfItsExperiment() {
    HttpCalls guest = as("guest");
    String proxy = "/api/2.0/mlflow-artifacts/artifacts";
    byte[] content = {1};

    assertThat(
            guest.send("PUT", proxy + "/" + mine + "/" + myRun + "/artifacts/a", content).status())
        .isEqualTo(200);
    assertThat(
            guest
                .send("PUT", proxy + "/" + theirs + "/" + theirRun + "/artifacts/a", content)
                .status())
        .isEqualTo(403);
    assertThat(guest.send("PUT", proxy + filled("/MINE/../THEIRS/x/artifacts/a"), content).status())
        .isIn(400, 403);
    assertThat(guest.get(proxy + "?path=" + mine + "/" + myRun).status()).isEqualTo(200);
    assertThat(guest.get(proxy + "?path=" + theirs + "/" + theirRun).status()).isEqualTo(403);
    assertThat(guest.get(proxy + "?path=").status()).isEqualTo(403);
    assertThat(guest.get("/get-artifact?path=a&run_id=" + theirRun).status()).isEqualTo(403);
    assertThat(as("reader").get("/get-artifact?path=a&run_id=" + myRun).status()).isEqualTo(200);
    assertThat(
            as("reader")
                .send("DELETE", proxy + "/" + mine + "/" + myRun + "/artifacts/a", new byte[0])
                .status())
        .isEqualTo(403);
  }

  @Test
  void run_madeWithoutUser_isTheCallers() {
    assertThat(
            as("guest")
                .post(API + "runs/create", filled("{\"experiment_id\":\"MINE\"}"))
                .json()
                .at("/run/info/user_id")
                .asText())
        .isEqualTo("guest");
  }

  @Test
  void builder_contradictionsAndLimits_areRefused() {
    MlflowUsers users = MlflowUsers.builder().iterations(1000).user("a").token("t").build();

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                MlflowServlet.builder(served.store())
                    .users(users)
                    .anonymous(AnonymousAccess.ANYWHERE)
                    .build())
        .withMessageContaining("expected one of them");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MlflowServlet.builder(served.store()).bodyLimit(0).build())
        .withMessageContaining("1 byte or more");
  }

  @Test
  void anonymous_fromAnywhere_asksForNoHost() {
    MlflowServlet servlet =
        MlflowServlet.builder(served.store()).anonymous(AnonymousAccess.ANYWHERE).build();
    try (MlflowHost host = MlflowHost.mounting(servlet, "")) {
      assertThat(new HttpCalls(host.uri()).get(API + "experiments/search").status()).isEqualTo(200);
    }
  }
}
