package io.shelfmark.tracking.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.tracking.store.CopyReport;
import io.shelfmark.tracking.store.ExperimentCopy;
import io.shelfmark.tracking.store.LoggedModelRecord;
import io.shelfmark.tracking.store.LoggedModelStatus;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelOutput;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.NewExperiment;
import io.shelfmark.tracking.store.NewLoggedModel;
import io.shelfmark.tracking.store.NewModelVersion;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole experiments, models included, from a workspace onto a server and back into another one. */
class MlflowTrackingCopyTest {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00.123Z");

  @TempDir Path folder;
  private ServedWorkspace first;
  private ServedWorkspace second;
  private ServedWorkspace third;
  private TrackingStore server;

  @BeforeEach
  void open() {
    first = new ServedWorkspace(folder.resolve("first"));
    second = new ServedWorkspace(folder.resolve("second"));
    third = new ServedWorkspace(folder.resolve("third"));
    server = MlflowTracking.at(second.host().uri()).open();
  }

  @AfterEach
  void close() {
    server.close();
    first.close();
    second.close();
    third.close();
  }

  private static void put(TrackingStore store, String location, String path, String content) {
    store.files(location).put(path, new ByteArrayInputStream(content.getBytes(UTF_8)));
  }

  private static String read(TrackingStore store, String location, String path) throws IOException {
    try (InputStream content = store.files(location).open(path)) {
      return new String(content.readAllBytes(), UTF_8);
    }
  }

  private RunRecord train(TrackingStore store) {
    String experiment = store.experiments().create(NewExperiment.named("detector")).id();
    RunRecord run = store.runs().create(NewRun.of(experiment, "yolo", START));
    String id = run.info().id();
    store.runs().log(id, RunLog.metrics(List.of(new Metric("loss", 0.5, 1, START))));
    put(store, run.info().artifactLocation(), "model/weights", "weights");
    LoggedModelRecord logged =
        store
            .loggedModels()
            .create(
                new NewLoggedModel(
                    experiment, "ocr", "Agent", Optional.of(id), Map.of("p", "1"), Map.of()));
    put(store, logged.artifactLocation(), "MLmodel", "flavors");
    store.loggedModels().finish(logged.id(), LoggedModelStatus.READY);
    store.runs().logOutputs(id, List.of(new ModelOutput(logged.id(), 3)));
    store.models().create("tags", "reads tags", Map.of("team", "ml"));
    String source = run.info().artifactLocation() + "/model";
    ModelVersionRecord version =
        store
            .models()
            .createVersion(
                new NewModelVersion(
                    "tags", source, Optional.of(id), Optional.empty(), "first", Map.of()));
    store.models().setAlias("tags", "best", version.version());
    store.models().setStage("tags", version.version(), "Staging");
    store.runs().update(id, RunUpdate.ended(RunStatus.FINISHED, START.plusSeconds(5)));
    return run;
  }

  private static CopyReport copy(TrackingStore from, TrackingStore to) {
    return ExperimentCopy.from(from).to(to).withModels().copy("detector");
  }

  private static void assertHasAll(TrackingStore store, RunRecord run) throws IOException {
    RunRecord copy = store.runs().find(run.info().id()).orElseThrow();
    assertThat(copy.info().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(copy.metrics()).isEqualTo(Map.of("loss", new Metric("loss", 0.5, 1, START)));
    assertThat(read(store, copy.info().artifactLocation(), "model/weights")).isEqualTo("weights");
    assertThat(copy.modelOutputs()).hasSize(1);
    LoggedModelRecord logged =
        store.loggedModels().find(copy.modelOutputs().get(0).modelId()).orElseThrow();
    assertThat(logged.name()).isEqualTo("ocr");
    assertThat(logged.status()).isEqualTo(LoggedModelStatus.READY);
    assertThat(logged.params()).isEqualTo(Map.of("p", "1"));
    assertThat(logged.sourceRunId()).contains(run.info().id());
    assertThat(read(store, logged.artifactLocation(), "MLmodel")).isEqualTo("flavors");
    ModelVersionRecord version = store.models().findByAlias("tags", "best").orElseThrow();
    assertThat(version.runId()).contains(run.info().id());
    assertThat(version.stage()).isEqualTo("Staging");
    assertThat(version.description()).isEqualTo("first");
    assertThat(read(store, version.location(), "weights")).isEqualTo("weights");
    assertThat(store.models().find("tags").orElseThrow().tags()).isEqualTo(Map.of("team", "ml"));
  }

  @Test
  void experiment_toTheServerAndBack_isWhole() throws IOException {
    RunRecord run = train(first.store());

    CopyReport out = copy(first.store(), server);
    CopyReport back = copy(server, third.store());

    assertThat(out.failures()).isEmpty();
    assertThat(back.failures()).isEmpty();
    assertHasAll(server, run);
    assertHasAll(third.store(), run);
  }

  @Test
  void copiedTwice_makesNothingTwice() {
    train(first.store());
    copy(first.store(), server);

    CopyReport again = copy(first.store(), server);

    assertThat(again.failures()).isEmpty();
    assertThat(again.copied()).isEmpty();
    assertThat(again.files()).isZero();
    assertThat(server.models().searchVersions(Search.all()).items()).hasSize(1);
    String experiment = server.experiments().findByName("detector").orElseThrow().id();
    assertThat(server.loggedModels().search(List.of(experiment), Search.all()).items()).hasSize(1);
  }
}
