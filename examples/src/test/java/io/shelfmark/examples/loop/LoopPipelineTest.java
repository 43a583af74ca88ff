package io.shelfmark.examples.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.inference.synthetic.PhotoFolder;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.RunFailedException;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The whole loop on a few photos, without PyTorch. */
@Timeout(60)
class LoopPipelineTest {

  private static final RunOptions NO_PYTHON =
      RunOptions.defaults().with("python", "no-such-python").with("count", "9");

  /** Answers for Python: the training gives the model that it began with, and another card. */
  private static final String FAKE_PYTHON =
      """
      #!/bin/sh
      set -e
      if [ "$1" = -c ]; then echo Python 3 PyTorch 2; exit; fi
      test -f "$1" && test -f "$(dirname "$1")/shelfmark_training/networks.py"
      for argument; do case "$argument" in
        --train=*) test -f "${argument#*=}/labels.jsonl";;
        --dev=*) test -f "${argument#*=}/labels.jsonl";;
        --start=*) cp -r "${argument#*=}" out;;
        --minutes=*) echo "{\\"minutes\\": ${argument#*=}}" > metrics.json;;
      esac; done
      echo >> out/text-recognizer.json
      """;

  @TempDir Path temporary;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.open(temporary.resolve("workspace"));
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private PipelineRun<LoopReport> run(RunOptions options) {
    try (LocalRunner runner = LocalRunner.in(workspace).open()) {
      return runner.run(LoopPipeline.create(), options);
    }
  }

  private ArtifactVersion model(String selector) {
    return workspace.artifacts().require(TextRecognizer.ARTIFACT, selector);
  }

  private static List<String> called(PipelineRun<?> run) {
    return run.steps().stream()
        .filter(step -> !step.attempts().isEmpty())
        .map(StepRecord::name)
        .toList();
  }

  @Test
  void loop_withoutPyTorch_promotesTheBundledModelAndIsCachedTheSecondTime() {
    PipelineRun<LoopReport> first = run(NO_PYTHON);
    assertThat(first.record().step("train").orElseThrow().state()).isEqualTo(StepState.SKIPPED);
    assertThat(first.result().toString())
        .contains("9 sound in dataset:loop-sound@1", "0 left out")
        .contains("skipped, the candidate is the bundled model: no-such-python cannot be started")
        .contains("alias production moved to artifact:text-recognizer@1: nothing is in production");
    assertThat(model("production")).isEqualTo(model("candidate"));
    assertThat(workspace.dataset("loop-train").require(1).fileCount())
        .isGreaterThan(workspace.dataset("loop-dev").require(1).fileCount());

    workspace.artifacts().removeAlias(TextRecognizer.ARTIFACT, "production", "it broke");
    PipelineRun<LoopReport> second = run(NO_PYTHON);
    assertThat(called(second)).isEmpty();
    assertThat(second.result()).isEqualTo(first.result());
    assertThat(workspace.artifacts().find(TextRecognizer.ARTIFACT, "production")).isEmpty();

    run(NO_PYTHON.rerun(second.id(), "production"));
    assertThat(model("production").number()).isEqualTo(1);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the program is a script of a Unix shell")
  void loop_withTraining_comparesItWithProduction() throws IOException {
    Path python =
        Files.createFile(
            temporary.resolve("python"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(python, FAKE_PYTHON);
    RunOptions training = NO_PYTHON.with("python", python.toString()).with("minutes", "0.5");
    run(NO_PYTHON);

    PipelineRun<LoopReport> trained = run(training);

    assertThat(trained.result().toString())
        .contains("training: Python 3 PyTorch 2; {minutes=0.5}")
        .contains("alias production stays where it is: the candidate reads no better")
        .contains("candidate  artifact:text-recognizer@2", "production artifact:text-recognizer@1");
    assertThat(model("candidate").inputs().toString())
        .contains(
            "dataset:loop-train@1", "dataset:loop-dev@1", "artifact:text-recognizer-trainer@1");
    assertThat(model("production").number()).isEqualTo(1);
    assertThat(called(trained))
        .contains("python-check", "train", "evaluate[0]")
        .doesNotContain("generate", "validate", "train-set");
    assertThat(called(run(training))).isEmpty();
  }

  @Test
  void loop_photosOfAFolder_areCheckedAndSeenAgainWhenTheyChange() throws IOException {
    Path photos = photos(12);
    RunOptions options = NO_PYTHON.with("photos", photos.toString());
    Files.copy(photos.resolve("images/000001.jpg"), photos.resolve("images/again.jpg"));
    append(photos, row(photos, 0).replace("000001.jpg", "again.jpg"));
    append(photos, row(photos, 1).replace("000002.jpg", "gone.jpg"));

    PipelineRun<LoopReport> first = run(options);

    assertThat(first.result().photos())
        .contains("12 sound in dataset:loop-sound@1", "2 left out")
        .contains("row 13: images/again.jpg is the same picture as images/000001.jpg")
        .contains("row 14: images/gone.jpg is not in the dataset");
    assertThat(called(run(options))).containsExactly("import");
    RunOptions version = NO_PYTHON.with("photos", "dataset:loop-photos@1");
    assertThat(called(run(version))).containsExactly("photos-given", "import");

    byte[] jpeg = Files.readAllBytes(photos.resolve("images/000003.jpg"));
    Files.write(photos.resolve("images/000003.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
    append(photos, row(photos, 3).replace("\"price_box\":[", "\"price_box\":[1"));
    assertThatThrownBy(() -> run(options))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("Cannot use dataset:loop-photos@2: found 4 of 15 labelled photos")
        .hasMessageContaining("000003.jpg");
  }

  @Test
  void loop_folderWithoutLabels_saysWhatIsMissing() {
    assertThatThrownBy(() -> run(NO_PYTHON.with("photos", temporary.toString())))
        .hasMessageContaining("Cannot import photos of " + temporary)
        .hasMessageContaining("found no labels.jsonl");
  }

  private Path photos(int count) {
    Path folder = temporary.resolve("photos");
    new PhotoFolder(PhotoGenerator.seeded(3).only(SceneKind.TAG), folder).write(count, 2);
    return folder;
  }

  private static String row(Path photos, int index) throws IOException {
    return Files.readAllLines(photos.resolve("labels.jsonl")).get(index);
  }

  private static void append(Path photos, String row) throws IOException {
    Files.writeString(photos.resolve("labels.jsonl"), row + "\n", StandardOpenOption.APPEND);
  }
}
