package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.pipeline.RunLineage.StepLineage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunLineageTest {

  private Workspace workspace;
  private LocalRunner runner;

  /** A shop and what was seen there. */
  record Shop(String name, VersionRef photos) {}

  @BeforeEach
  void open(@TempDir Path folder) {
    workspace = Workspaces.open(folder);
    runner = LocalRunner.in(workspace).open();
  }

  @AfterEach
  void close() {
    runner.close();
    workspace.close();
  }

  private static ArtifactVersion publish(StepContext context, String name) {
    try (var version = context.newArtifact(name)) {
      byte[] content = (name + context.step()).getBytes(UTF_8);
      return version.addStream("file", new ByteArrayInputStream(content)).publish();
    }
  }

  private static Step<ArtifactVersion> publishing(String step) {
    return Step.named(step, ArtifactVersion.class).run(context -> publish(context, step));
  }

  private static VersionRef artifact(String name) {
    return VersionRef.artifact(name, 1);
  }

  @Test
  void lineage_chain_namesWhatEachStepTookAndGave() {
    Step<ArtifactVersion> photos = publishing("photos");
    Step<ArtifactVersion> model =
        Step.named("model", ArtifactVersion.class)
            .input(photos)
            .run((context, input) -> publish(context, "model"));
    Step<Integer> score =
        Step.named("score", Integer.class).input(model).input(photos).run((c, m, p) -> 1);
    Pipeline<Integer> pipeline = Pipeline.of("chain", score);
    RunRecord record = runner.run(pipeline).record();
    RunLineage lineage = record.lineage(pipeline);
    assertThat(lineage.steps())
        .containsExactly(
            new StepLineage("photos", List.of(), List.of(artifact("photos"))),
            new StepLineage("model", List.of(artifact("photos")), List.of(artifact("model"))),
            new StepLineage("score", List.of(artifact("model"), artifact("photos")), List.of()));
    assertThat(lineage.took()).isEmpty();
    assertThat(lineage.gave()).containsExactly(artifact("photos"), artifact("model"));
    assertThat(workspace.artifacts().require("model", 1).provenance().producer())
        .contains("run:" + record.id() + "/model");
  }

  @Test
  void lineage_fanOut_givesEachElementItsOwnVersion() {
    Step<List<Shop>> shops =
        Step.named("shops", ResultType.listOf(Shop.class))
            .run(
                context ->
                    List.of(
                        new Shop("artifact:none@7", publish(context, "photos-1").ref()),
                        new Shop("7", publish(context, "photos-2").ref())));
    Step<List<ArtifactVersion>> each =
        Step.forEach("each", shops, ArtifactVersion.class)
            .input(publishing("model"))
            .run((context, shop, model) -> publish(context, "read-" + shop.photos().name()));
    Pipeline<List<ArtifactVersion>> pipeline = Pipeline.of("fan-out", each);
    RunLineage lineage = runner.run(pipeline).record().lineage(pipeline);
    assertThat(lineage.step("each[1]"))
        .contains(
            new StepLineage(
                "each[1]",
                List.of(artifact("photos-2"), artifact("model")),
                List.of(artifact("read-photos-2"))));
    assertThat(lineage.step("each").orElseThrow())
        .isEqualTo(
            new StepLineage(
                "each",
                List.of(artifact("photos-1"), artifact("photos-2"), artifact("model")),
                List.of(artifact("read-photos-1"), artifact("read-photos-2"))));
  }

  @Test
  void lineage_failedElement_leavesWhatTheOthersGave() {
    Parameter<List<Integer>> numbers = Parameter.ofList("n", Integer.class, List.of(0, 1));
    Step<List<ArtifactVersion>> each =
        Step.forEach("each", numbers, ArtifactVersion.class)
            .run(
                (context, n) -> {
                  if (n == 0) {
                    throw new IOException("no");
                  }
                  return publish(context, "made");
                });
    Step<Integer> after = Step.named("after", Integer.class).input(each).run((c, list) -> 1);
    Pipeline<Integer> pipeline = Pipeline.of("failing", after);
    PipelineRun<Integer> run = runner.start(pipeline);
    assertThatThrownBy(run::result).isInstanceOf(RunFailedException.class);
    RunLineage lineage = run.record().lineage(pipeline);
    assertThat(lineage.step("each").orElseThrow().gave()).containsExactly(artifact("made"));
    assertThat(lineage.step("each[0]").orElseThrow().gave()).isEmpty();
    assertThat(lineage.step("after")).isEmpty();
  }

  @Test
  void lineage_subPipelineAndParameter_crossItsBorder() {
    VersionRef given;
    try (var version = workspace.artifacts().newVersion("given")) {
      given = version.addStream("file", new ByteArrayInputStream(new byte[] {1})).publish().ref();
    }
    Parameter<VersionRef> data = Parameter.of("data", given);
    Parameter<String> text = Parameter.of("text", "artifact:given@1");
    Step<ArtifactVersion> middle =
        Step.named("middle", ArtifactVersion.class)
            .input(data)
            .input(text)
            .run((context, version, t) -> publish(context, "middle"));
    Step<ArtifactVersion> last =
        Step.named("last", ArtifactVersion.class)
            .input(middle)
            .run((context, version) -> publish(context, "last"));
    Step<ArtifactVersion> sub = Step.pipeline("sub", Pipeline.of("inner", last)).step();
    Step<Integer> onlyText = Step.named("only-text", Integer.class).input(text).run((c, t) -> 1);
    Pipeline<ArtifactVersion> pipeline = Pipeline.of("outer", sub, onlyText);
    RunLineage lineage = runner.run(pipeline).record().lineage(pipeline);
    assertThat(lineage.step("sub"))
        .contains(new StepLineage("sub", List.of(given), List.of(artifact("last"))));
    assertThat(lineage.step("only-text").orElseThrow().took()).isEmpty();
    assertThat(lineage.took()).containsExactly(given);
  }

  @Test
  void lineage_anotherGraph_isRefused() {
    Pipeline<ArtifactVersion> pipeline = Pipeline.of("one", publishing("photos"));
    RunRecord record = runner.run(pipeline).record();
    Pipeline<ArtifactVersion> other = Pipeline.of("one", publishing("other"));
    assertThatThrownBy(() -> record.lineage(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot tell the lineage of run " + record.id());
  }
}
