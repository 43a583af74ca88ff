package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openlineage.client.OpenLineage.DatasetFacets;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.OpenLineage.TagsDatasetFacetFields;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.dataset.DatasetVersion;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OpenLineageTest {

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("lineage/events.jsonl");
  }

  private List<io.openlineage.client.OpenLineage.RunEvent> events() throws Exception {
    List<io.openlineage.client.OpenLineage.RunEvent> events = new ArrayList<>();
    for (String line : Files.readAllLines(file())) {
      events.add(LineageJudge.read(line));
    }
    return events;
  }

  private List<String> summary() throws Exception {
    return events().stream().map(e -> e.getEventType() + " " + e.getJob().getName()).toList();
  }

  private io.openlineage.client.OpenLineage.RunEvent event(EventType type, String job)
      throws Exception {
    return events().stream()
        .filter(e -> e.getEventType() == type && e.getJob().getName().equals(job))
        .findFirst()
        .orElseThrow();
  }

  /** A dataset in, a model out, a report of both. */
  private static Pipeline<String> training(Parameter<DatasetVersion> photos) {
    Step<ArtifactVersion> model =
        Step.named("train", ArtifactVersion.class)
            .input(photos)
            .cached(CachePolicy.byInputs("train-v1"))
            .run(
                (context, data) -> {
                  Path weights = context.workFolder().resolve("weights");
                  Files.writeString(weights, "of " + data.digest());
                  return context.publish("detector", weights);
                });
    Step<String> report =
        Step.named("report", String.class)
            .input(photos)
            .input(model)
            .run((context, data, made) -> data + " " + made);
    return Pipeline.of("training", report);
  }

  private static DatasetVersion commit(Workspace workspace, Path folder) throws Exception {
    Path photo = Files.writeString(folder.resolve("photo.jpg"), "a photo");
    return workspace.dataset("photos").newCommit().addFile("photo.jpg", photo).commit();
  }

  @Test
  void run_ofVersions_isToldWithInputsOutputsAndParents() throws Exception {
    try (Workspace workspace = Workspaces.open(folder);
        OpenLineage lineage =
            OpenLineage.toFile(file())
                .namespace("shops")
                .source(URI.create("https://git.example.com/reader.git"), "4f2a")
                .nominalTime(run -> Optional.of(Instant.parse("2024-05-01T00:00:00Z")))
                .open();
        LocalRunner runner = LocalRunner.in(workspace).listener(lineage).open()) {
      DatasetVersion data = commit(workspace, folder);
      Pipeline<String> pipeline = training(Parameter.of("photos", data));
      runner.run(pipeline, RunOptions.defaults().id(RunId.of("nightly-1")));
      runner.close();

      assertThat(summary())
          .containsExactly(
              "START training",
              "START training.train",
              "COMPLETE training.train",
              "START training.report",
              "COMPLETE training.report",
              "COMPLETE training");
      var start = event(EventType.START, "training");
      assertThat(start.getRun().getFacets().getNominalTime().getNominalStartTime().toInstant())
          .isEqualTo(Instant.parse("2024-05-01T00:00:00Z"));
      assertThat(start.getJob().getFacets().getSourceCodeLocation().getVersion()).isEqualTo("4f2a");
      assertThat(start.getJob().getFacets().getJobType().getJobType()).isEqualTo("PIPELINE");
      assertThat(start.getRun().getFacets().getExecutionParameters().getParameters())
          .singleElement()
          .satisfies(p -> assertThat(p.getValue()).isEqualTo("\"dataset:photos@1\""));

      var trained = event(EventType.COMPLETE, "training.train");
      assertThat(trained.getRun().getFacets().getParent().getRun().getRunId())
          .isEqualTo(start.getRun().getRunId());
      assertThat(trained.getJob().getFacets().getTags().getTags())
          .singleElement()
          .satisfies(tag -> assertThat(tag.getValue()).isEqualTo("train-v1"));
      assertThat(trained.getInputs()).singleElement().satisfies(in -> isVersion(in, data));
      assertThat(trained.getOutputs())
          .singleElement()
          .satisfies(
              out -> {
                assertThat(out.getName()).isEqualTo("artifact:detector");
                assertThat(out.getFacets().getVersion().getDatasetVersion()).isEqualTo("1");
                assertThat(digest(out.getFacets()))
                    .isEqualTo(workspace.artifacts().require("detector", 1).digest().toString());
              });
      assertThat(event(EventType.COMPLETE, "training.report").getInputs())
          .extracting(InputDataset::getName)
          .containsExactly("dataset:photos", "artifact:detector");
    }
  }

  private static void isVersion(InputDataset dataset, DatasetVersion version) {
    assertThat(dataset.getNamespace()).isEqualTo("shops");
    assertThat(dataset.getName()).isEqualTo("dataset:photos");
    assertThat(dataset.getFacets().getVersion().getDatasetVersion()).isEqualTo("1");
    assertThat(digest(dataset.getFacets())).isEqualTo(version.digest().toString());
  }

  private static String digest(DatasetFacets facets) {
    List<TagsDatasetFacetFields> tags = facets.getTags().getTags();
    assertThat(tags).singleElement().satisfies(t -> assertThat(t.getKey()).endsWith("digest"));
    return tags.get(0).getValue();
  }

  @Test
  void secondRun_fromTheCache_saysWhoseResultItIs() throws Exception {
    try (Workspace workspace = Workspaces.open(folder);
        OpenLineage lineage = OpenLineage.toFile(file()).open();
        LocalRunner runner = LocalRunner.in(workspace).listener(lineage).open()) {
      Pipeline<String> pipeline = training(Parameter.of("photos", commit(workspace, folder)));
      PipelineRun<String> first = runner.run(pipeline);
      runner.run(pipeline);
      runner.close();
      var cached = events().get(8);
      assertThat(cached.getJob().getName()).isEqualTo("training.train");
      assertThat(cached.getEventType()).isEqualTo(EventType.COMPLETE);
      assertThat(cached.getRun().getFacets().getTags().getTags())
          .singleElement()
          .satisfies(tag -> assertThat(tag.getValue()).isEqualTo(first.id().value()));
      assertThat(cached.getOutputs()).hasSize(1);
    }
  }

  @Test
  void failures_andWhatFollowsFromThem_areToldOnceEach() throws Exception {
    Step<Integer> shaky =
        Step.named("shaky", Integer.class)
            .retry(RetryPolicy.attempts(2).backoff(Duration.ZERO, Duration.ZERO))
            .run(
                context -> {
                  throw new IllegalStateException("no «luck» {\"x\":1}\n");
                });
    Step<Integer> after = Step.named("after", Integer.class).input(shaky).run((c, n) -> n);
    try (Workspace workspace = Workspaces.open(folder);
        OpenLineage lineage = OpenLineage.toFile(file()).open();
        LocalRunner runner = LocalRunner.in(workspace).listener(lineage).open()) {
      assertThatThrownBy(() -> runner.run(Pipeline.of("bad", after)))
          .isInstanceOf(RunFailedException.class);
      runner.close();
      assertThat(summary())
          .containsExactly(
              "START bad", "START bad.shaky", "RUNNING bad.shaky", "FAIL bad.shaky", "FAIL bad");
      assertThat(event(EventType.FAIL, "bad.shaky").getRun().getFacets().getErrorMessage())
          .satisfies(error -> assertThat(error.getMessage()).contains("no «luck» {\"x\":1}"));
    }
  }

  @Test
  void cancelledRun_abortsTheStepsThatWentOn() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Step<Integer> endless =
        Step.named("endless", Integer.class)
            .run(
                context -> {
                  begun.countDown();
                  new CountDownLatch(1).await();
                  return 1;
                });
    try (Workspace workspace = Workspaces.open(folder);
        OpenLineage lineage = OpenLineage.toFile(file()).open();
        LocalRunner runner = LocalRunner.in(workspace).listener(lineage).open()) {
      PipelineRun<Integer> run = runner.start(Pipeline.of("long", endless));
      begun.await();
      runner.cancel(run.id(), "not needed");
      run.await(Duration.ofSeconds(30));
      runner.close();
      assertThat(summary())
          .containsExactly("START long", "START long.endless", "ABORT long.endless", "ABORT long");
      assertThat(event(EventType.ABORT, "long").getRun().getFacets().getErrorMessage().getMessage())
          .isEqualTo("not needed");
    }
  }

  private static RunEvent.RunStarted started(RunId run, Instant at) {
    Pipeline<Integer> pipeline =
        Pipeline.of("late", Step.named("one", Integer.class).run(context -> 1));
    return new RunEvent.RunStarted(
        run,
        at,
        pipeline.name(),
        pipeline.graph().digest(),
        Map.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static RunEvent.StepEnded stepEnded(RunId run, Instant at) {
    return new RunEvent.StepEnded(
        run, at, "one", StepState.FAILED, Optional.empty(), Optional.of("interrupted"));
  }

  @Test
  void eventsOfARun_whoseEndWasTold_areIgnored() throws Exception {
    RunId run = RunId.of("cancelled");
    Instant at = Instant.parse("2024-05-01T00:00:00Z");
    try (OpenLineage lineage = OpenLineage.toFile(file()).open()) {
      lineage.happened(started(run, at));
      lineage.happened(new RunEvent.AttemptStarted(run, at, "one", 1));
      lineage.happened(
          new RunEvent.RunEnded(run, at, RunState.CANCELLED, Optional.of("not needed")));
      lineage.happened(new RunEvent.AttemptStarted(run, at, "one", 2));
      lineage.happened(stepEnded(run, at));
    }
    assertThat(summary())
        .containsExactly("START late", "START late.one", "ABORT late.one", "ABORT late");
  }

  @Test
  void eventsOfARun_thatAnotherProcessEndedBefore_areIgnored() throws Exception {
    RunId run = RunId.of("cancelled");
    Instant at = Instant.parse("2024-05-01T00:00:00Z");
    Ledger ledger = new Ledger(started(run, at));
    ledger.add(new RunEvent.AttemptStarted(run, at, "one", 1));
    ledger.add(new RunEvent.RunEnded(run, at.plusSeconds(5), RunState.CANCELLED, Optional.empty()));
    try (Workspace workspace = Workspaces.open(folder);
        OpenLineage lineage = OpenLineage.toFile(file()).open()) {
      lineage.attach(workspace, id -> Optional.of(ledger.record()));
      lineage.happened(stepEnded(run, at.plusSeconds(6)));
      assertThat(file()).doesNotExist();
      // what happened before the end is told, however late it is heard
      lineage.happened(stepEnded(run, at.plusSeconds(4)));
    }
    assertThat(summary())
        .containsExactly("START late", "RUNNING late", "START late.one", "FAIL late.one");
  }

  @Test
  void fanOutsConditionsAndSubPipelines_areOneRunForEachStepThatDoesSomething() throws Exception {
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class)).run(c -> List.of(1, 2, 3));
    Step<List<VersionRef>> each =
        Step.forEach("each", list, VersionRef.class)
            .run(
                (c, n) ->
                    c.publish("part-" + n, Files.writeString(c.workFolder().resolve("f"), "" + n))
                        .ref());
    Step<Boolean> never = Step.named("never", Boolean.class).run(c -> false);
    Step<Optional<Integer>> skipped =
        Step.named("skipped", Integer.class).run(c -> 1).onlyIf(never);
    Step<Integer> inner = Step.named("inner", Integer.class).run(c -> 5);
    Step<Integer> sub = Step.pipeline("sub", Pipeline.of("small", inner)).step();
    Step<Integer> sum =
        Step.named("sum", Integer.class)
            .input(each)
            .input(skipped)
            .input(sub)
            .run((c, parts, none, five) -> parts.size() + five);
    try (Workspace workspace = Workspaces.open(folder);
        OpenLineage lineage = OpenLineage.toFile(file()).open();
        LocalRunner runner = LocalRunner.in(workspace).listener(lineage).open()) {
      assertThat(runner.run(Pipeline.of("shapes", sum)).result()).isEqualTo(8);
      runner.close();
      assertThat(summary())
          .containsOnlyOnce("START shapes.each", "COMPLETE shapes.each", "START shapes.sub/inner")
          .noneMatch(line -> line.contains("skipped") || line.endsWith("sub"))
          .endsWith("COMPLETE shapes.sum", "COMPLETE shapes");
      assertThat(event(EventType.COMPLETE, "shapes.each").getOutputs()).hasSize(3);
      assertThat(event(EventType.COMPLETE, "shapes.sum").getInputs()).hasSize(3);
    }
  }

  @Test
  void resumedRun_isToldUnderTheIdsThatItBeganWith() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (Workspace workspace = Workspaces.open(folder)) {
      DatasetVersion data = commit(workspace, folder);
      try (OpenLineage lineage = OpenLineage.toFile(file()).open();
          LocalRunner runner = LocalRunner.in(workspace).listener(lineage).open()) {
        runner.start(halted(data, begun));
        begun.await();
      }
      try (OpenLineage lineage = OpenLineage.toFile(file()).open();
          LocalRunner runner = LocalRunner.in(workspace).listener(lineage).open()) {
        runner.register(halted(data, new CountDownLatch(0)));
        runner.resume().get(0).result();
      }
      assertThat(summary())
          .containsExactly(
              "START halted",
              "START halted.first",
              "COMPLETE halted.first",
              "START halted.second",
              "START halted",
              "RUNNING halted",
              "START halted.second",
              "COMPLETE halted.second",
              "COMPLETE halted");
      assertThat(events().stream().map(e -> e.getRun().getRunId()).distinct()).hasSize(3);
      assertThat(events().get(4)).isEqualTo(events().get(0));
      assertThat(event(EventType.COMPLETE, "halted.second").getInputs())
          .extracting(InputDataset::getName)
          .containsExactly("dataset:photos");
    }
  }

  private static Pipeline<Integer> halted(DatasetVersion data, CountDownLatch begun) {
    Step<DatasetVersion> first =
        Step.named("first", DatasetVersion.class)
            .run(c -> c.workspace().dataset("photos").require(data.number()));
    Step<Integer> second =
        Step.named("second", Integer.class)
            .input(first)
            .run(
                (c, version) -> {
                  boolean isFirstProcess = begun.getCount() > 0;
                  begun.countDown();
                  if (isFirstProcess) {
                    new CountDownLatch(1).await();
                  }
                  return 2;
                });
    return Pipeline.of("halted", second);
  }

  @Test
  void ids_areOfTheNamespaceTheRunAndTheStep() {
    LineageEvents events = new LineageEvents("shops", Optional.empty(), run -> Optional.empty());
    RunId run = RunId.of("nightly-1");
    assertThat(events.id(run, "train"))
        .hasToString("1169e995-2e95-5cf7-ba5e-45497f11ac2f")
        .isEqualTo(events.id(run, "train"))
        .isNotEqualTo(events.id(run, "report"))
        .isNotEqualTo(events.id(RunId.of("nightly-2"), "train"));
    assertThat(events.id(run, "train").version()).isEqualTo(5);
    assertThat(events.id(run, "train").variant()).isEqualTo(2);
  }

  @Test
  void servers_thatAreNone_areRefused() {
    assertThatThrownBy(() -> OpenLineage.toHttp(URI.create("ftp://marquez/lineage")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected http or https");
    assertThatThrownBy(() -> OpenLineage.toHttp(URI.create("http://me:secret@marquez/lineage")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("apiKey")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> OpenLineage.toFile(file()).spool(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leave out spool");
  }
}
