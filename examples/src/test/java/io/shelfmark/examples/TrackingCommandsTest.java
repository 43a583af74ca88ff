package io.shelfmark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.Run;
import io.shelfmark.tracking.Tracker;
import io.shelfmark.tracking.mlflow.MlflowServlet;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class TrackingCommandsTest {

  @TempDir Path folder;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  private int track(String... arguments) {
    return new CommandLine(new TrackCommand(new PrintStream(output, true, StandardCharsets.UTF_8)))
        .execute(arguments);
  }

  private static HttpResponse<String> get(URI address) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void assertLogged(Tracker tracker, int count) {
    List<RunRecord> runs = tracker.experiment("tag-detector").runs().items();
    assertThat(runs).hasSize(count);
    for (RunRecord run : runs) {
      assertThat(run.info().status()).isEqualTo(RunStatus.FINISHED);
      assertThat(run.metrics().get("train/loss").step()).isEqualTo(100);
      assertThat(run.params()).containsKeys("learningRate", "imageSize", "seed");
      assertThat(tracker.store().files(run.info().artifactLocation()).list(""))
          .extracting(FileStore.Entry::path)
          .contains("epochs.csv", "loss.png", "notes.md");
    }
    assertThat(tracker.models().findVersion("example-detector", count)).isPresent();
  }

  @Test
  void track_inWorkspace_isOnRecord() {
    String workspace = folder.resolve("workspace").toString();

    assertThat(track("--workspace", workspace, "--runs", "2")).isZero();

    assertThat(output.toString(StandardCharsets.UTF_8)).contains("example-1 is run ");
    try (Workspace opened = Workspace.open(Path.of(workspace))) {
      assertLogged(Tracker.in(opened), 2);
    }
  }

  @Test
  void track_toServer_isOnRecordThere() throws Exception {
    try (Workspace served = Workspace.open(folder.resolve("served"))) {
      Tracker tracker = Tracker.in(served);
      try (WebHost web = WebHost.start("127.0.0.1", 0, "/*", MlflowServlet.over(tracker.store()))) {
        int status =
            track(
                "--workspace",
                folder.resolve("client").toString(),
                "--server",
                web.address().toString(),
                "--runs",
                "1");

        assertThat(status).isZero();
        assertLogged(tracker, 1);
      }
    }
  }

  @Test
  void host_withServletMounted_answersBoth() throws Exception {
    try (Workspace workspace = Workspace.open(folder.resolve("host"))) {
      Tracker tracker = Tracker.in(workspace);
      try (Run run = tracker.experiment("price-service").start("service");
          WebHost web = WebHost.start("127.0.0.1", 0, TrackingHostCommand.context(tracker, run))) {
        assertThat(get(web.address().resolve("/prices")).body()).contains("milk");
        assertThat(get(web.address().resolve("/mlflow/health")).body()).isEqualTo("OK");
        HttpResponse<String> page = get(web.address().resolve("/mlflow/"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<html");
        run.flush();
        assertThat(tracker.require(run.id()).metrics()).containsKey("msPerRequest");
      }
    }
  }
}
