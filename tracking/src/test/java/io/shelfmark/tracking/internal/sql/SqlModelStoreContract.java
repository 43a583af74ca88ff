package io.shelfmark.tracking.internal.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.storage.Digest;
import io.shelfmark.tracking.internal.files.ModelArtifacts;
import io.shelfmark.tracking.internal.files.ModelDraft;
import io.shelfmark.tracking.store.AliasChange;
import io.shelfmark.tracking.store.DatasetInput;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.Filter;
import io.shelfmark.tracking.store.ModelStoreContract;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.NewModelVersion;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.Search;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What registered models have to do with the workspace's artifacts. */
abstract class SqlModelStoreContract extends ModelStoreContract {

  /** The workspace of the store. */
  abstract Workspace workspace();

  /**
   * Another store on the same database and workspace, as of another process; the test closes it.
   */
  abstract TrackingStore another();

  private static ByteArrayInputStream stream(String content) {
    return new ByteArrayInputStream(content.getBytes(UTF_8));
  }

  private static String read(FileStore files, String path) throws Exception {
    try (InputStream content = files.open(path)) {
      return new String(content.readAllBytes(), UTF_8);
    }
  }

  private RunRecord runWithModel() {
    RunRecord run = store().runs().create(NewRun.of("0", "train", Instant.now()));
    FileStore files = store().files(run.info().artifactLocation());
    files.put("model/MLmodel", stream("flavors: " + run.info().id()));
    files.put("model/data/weights", stream("weights of " + run.info().id()));
    return run;
  }

  private ModelVersionRecord register(String model, String source, RunRecord run) {
    return models.createVersion(
        new NewModelVersion(
            model, source, Optional.of(run.info().id()), Optional.empty(), "", Map.of()));
  }

  @Test
  void version_ofARunsFiles_isAnArtifactVersionThatOutlivesThem() throws Exception {
    RunRecord run = runWithModel();
    String name = make("detector");
    ModelVersionRecord byRun = register(name, "runs:/" + run.info().id() + "/model", run);
    ModelVersionRecord byPlace = register(name, run.info().artifactLocation() + "/model", run);

    ArtifactVersion artifact = workspace().artifacts().require(name, 1);
    assertThat(artifact.files())
        .extracting(file -> file.path())
        .containsExactly("MLmodel", "data/weights");
    assertThat(artifact.provenance().producer()).contains("run:" + run.info().id());
    assertThat(workspace().artifacts().require(name, 2).digest()).isEqualTo(artifact.digest());
    store().files(run.info().artifactLocation()).delete("model");
    workspace().collectGarbage();
    for (ModelVersionRecord version : List.of(byRun, byPlace)) {
      FileStore files = store().files(version.location());
      assertThat(files.list("")).hasSize(2);
      assertThat(read(files, "data/weights")).isEqualTo("weights of " + run.info().id());
    }
  }

  @Test
  void version_ofAnotherVersion_hasItsFiles() throws Exception {
    RunRecord run = runWithModel();
    String source = make("source");
    register(source, "runs:/" + run.info().id() + "/model", run);
    ModelVersionRecord copy = register(make("copy"), "models:/" + source + "/1", run);
    assertThat(read(store().files(copy.location()), "MLmodel"))
        .isEqualTo("flavors: " + run.info().id());
  }

  @Test
  void version_ofAPlaceElsewhere_saysWhere() {
    String name = make("external");
    ModelVersionRecord external = addVersion(name);
    assertThat(external.location()).isEqualTo(external.source());
    assertThat(workspace().artifacts().require(name, 1).files())
        .extracting(file -> file.path())
        .containsExactly("source.json");
    RunRecord run = store().runs().create(NewRun.of("0", "empty", Instant.now()));
    ModelVersionRecord early = register(name, "runs:/" + run.info().id() + "/later", run);
    assertThat(early.location()).isEqualTo(run.info().artifactLocation() + "/later");
  }

  @Test
  void version_knowsTheDataOfItsRun() throws Exception {
    RunRecord run = runWithModel();
    String data = unique("photos");
    try (var commit = workspace().dataset(data).newCommit()) {
      commit.addStream("a", stream("pixels")).commit();
    }
    String gone = "dataset:" + unique("gone") + "@1";
    for (String source : List.of("dataset:" + data + "@1", gone, "https://example.org/data")) {
      store()
          .runs()
          .logInputs(
              run.info().id(),
              List.of(
                  new DatasetInput(
                      source,
                      Digest.of(source.getBytes(UTF_8)).hex().substring(0, 32),
                      "shelfmark",
                      source,
                      "",
                      "",
                      Map.of())),
              List.of());
    }
    String name = make("with-data");
    register(name, "runs:/" + run.info().id() + "/model", run);
    assertThat(workspace().artifacts().require(name, 1).inputs())
        .containsExactly(VersionRef.dataset(data, 1));
  }

  @Test
  void artifact_publishedWithoutTheRegistry_isAVersion() {
    String name = make("native");
    workspace().artifacts().publish(name, "a", stream("1"));
    try (var draft = workspace().artifacts().newVersion(name)) {
      ArtifactVersion second =
          draft
              .addStream("a", stream("2"))
              .metadata("mAP50", "0.9")
              .producer("run:abc")
              .message("by hand")
              .publish();
      workspace().artifacts().alias(name, "production", second);
    }
    ModelVersionRecord found = models.findVersion(name, 2).orElseThrow();
    assertThat(found.description()).isEqualTo("by hand");
    assertThat(found.runId()).contains("abc");
    assertThat(found.tags()).isEqualTo(Map.of("mAP50", "0.9"));
    assertThat(found.aliases()).containsExactly("production");
    assertThat(found.source()).isEqualTo(found.location());
    assertThat(models.find(name).orElseThrow().aliases()).isEqualTo(Map.of("production", 2L));
    assertThat(addVersion(name).version()).isEqualTo(3);
    workspace().artifacts().publish(name, "a", stream("4"));
    assertThat(models.searchVersions(Search.where(Filter.parse("name = '" + name + "'"))).items())
        .extracting(ModelVersionRecord::version)
        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
  }

  @Test
  void version_publishedByAProcessThatDied_isPutOnRecordByTheNext() {
    String name = make("killed");
    new ModelArtifacts(workspace())
        .publish(
            new ModelDraft(
                name,
                "runs:/abc/model",
                "mlflow-artifacts:/0/abc/artifacts/model",
                Optional.of("abc"),
                Optional.of("m-1"),
                "said",
                List.of(),
                Optional.empty()));
    ModelVersionRecord found = models.findVersion(name, 1).orElseThrow();
    assertThat(found.source()).isEqualTo("runs:/abc/model");
    assertThat(found.location()).isEqualTo("mlflow-artifacts:/0/abc/artifacts/model");
    assertThat(found.runId()).contains("abc");
    assertThat(found.modelId()).contains("m-1");
    assertThat(found.description()).isEqualTo("said");
    assertThat(found.tags()).isEmpty();
  }

  @Test
  void model_madeAnew_goesOnCountingAndHidesTheOldVersions() {
    String name = make("reborn");
    addVersion(name);
    workspace().artifacts().publish(name, "a", stream("2"));
    models.delete(name);
    models.create(name, "again", Map.of());
    assertThat(models.findVersion(name, 1)).isEmpty();
    assertThat(models.findVersion(name, 2)).isEmpty();
    assertThat(addVersion(name).version()).isEqualTo(3);
  }

  @Test
  void model_renamed_leavesItsOldNameToAnother() {
    String name = make("first");
    addVersion(name);
    String later = unique("later");
    models.rename(name, later);
    models.create(name, "", Map.of());
    assertThat(addVersion(name).version()).isEqualTo(1);
    assertThat(addVersion(later).version()).isEqualTo(2);
    assertThat(workspace().artifacts().versions(name)).hasSize(2);
    assertThat(workspace().artifacts().versions(name + "~2")).hasSize(1);
  }

  @Test
  void model_whoseNameNoArtifactMayHave_hasAnotherArtifact() {
    String group = NewRun.newId();
    String slashed = "team/" + group + "/detector";
    String dashed = "team-" + group + "-detector";
    String tooLong = "Распознавание ценников " + "очень ".repeat(60) + group;
    for (String name : List.of(slashed, dashed, tooLong)) {
      models.create(name, "", Map.of());
      assertThat(addVersion(name).version()).as(name).isEqualTo(1);
      models.setAlias(name, "champion", 1);
      assertThat(models.findByAlias(name, "champion")).isPresent();
    }
    assertThat(workspace().artifacts().names()).contains(dashed, dashed + "~2");
  }

  @Test
  void alias_keepsItsHistory() {
    String name = make("history");
    addVersion(name);
    addVersion(name);
    models.setAlias(name, "champion", 1);
    models.setAlias(name, "champion", 2);
    models.deleteAlias(name, "champion");
    models.setAlias(name, "champion", 1);
    models.deleteVersion(name, 1);
    assertThat(models.aliasHistory(name, "champion"))
        .extracting(AliasChange::version)
        .containsExactly(
            OptionalLong.empty(),
            OptionalLong.of(1),
            OptionalLong.empty(),
            OptionalLong.of(2),
            OptionalLong.of(1));
    assertThat(models.aliasHistory(name, "champion"))
        .extracting(AliasChange::user)
        .doesNotContain("");
    assertThat(workspace().artifacts().history(name, "champion"))
        .extracting(move -> move.from().orElse(0L), move -> move.reason())
        .startsWith(tuple(1L, "version 1 was deleted from the registry"));
    assertThat(models.aliasHistory(name, "never")).isEmpty();
  }

  @Test
  void versions_madeByManyAtOnce_haveNumbersOfTheirOwn() throws Exception {
    String name = make("busy");
    int writers = 4;
    int each = 5;
    CyclicBarrier barrier = new CyclicBarrier(writers);
    ExecutorService executor = Executors.newFixedThreadPool(writers);
    try (TrackingStore other = another()) {
      List<Future<List<Long>>> futures = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        TrackingStore own = writer % 2 == 0 ? store() : other;
        futures.add(
            executor.submit(
                () -> {
                  List<Long> numbers = new ArrayList<>();
                  barrier.await(30, TimeUnit.SECONDS);
                  for (int i = 0; i < each; i++) {
                    numbers.add(
                        own.models()
                            .createVersion(
                                new NewModelVersion(
                                    name,
                                    "s3://bucket/a",
                                    Optional.empty(),
                                    Optional.empty(),
                                    "",
                                    Map.of("by", "busy")))
                            .version());
                    own.models().find(name);
                  }
                  return numbers;
                }));
      }
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> future : futures) {
        all.addAll(future.get(60, TimeUnit.SECONDS));
      }
      assertThat(all).doesNotHaveDuplicates().hasSize(writers * each);
      for (long number : all) {
        ModelVersionRecord version = models.findVersion(name, number).orElseThrow();
        assertThat(version.tags()).isEqualTo(Map.of("by", "busy"));
        assertThat(version.source()).isEqualTo("s3://bucket/a");
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void files_ofAVersion_cannotBeChanged() {
    RunRecord run = runWithModel();
    ModelVersionRecord version =
        register(make("fixed"), "runs:/" + run.info().id() + "/model", run);
    FileStore files = store().files(version.location());
    assertThatThrownBy(() -> files.put("MLmodel", stream("x")))
        .hasMessageContaining("never changes");
  }
}
