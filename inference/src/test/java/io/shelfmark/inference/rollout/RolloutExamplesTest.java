package io.shelfmark.inference.rollout;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.RecognizerBuilder.Precision;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of docs/rollout.md: each is a region here and stands there to the letter. */
class RolloutExamplesTest {

  private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

  @ParameterizedTest
  @ValueSource(strings = {"swap", "trial", "disagreements", "alias"})
  void region_ofThisFile_standsInTheDocument(String region) throws IOException {
    String source = "src/test/java/io/shelfmark/inference/rollout/RolloutExamplesTest.java";
    List<String> lines = Files.readAllLines(MODULE.resolve(source));
    int from = lines.indexOf("    // example " + region);
    int to = lines.indexOf("    // end of " + region);
    String example =
        lines.subList(from + 1, to).stream()
            .map(line -> line.isBlank() ? "" : line.substring(4))
            .collect(joining("\n", "```java\n", "\n```"));

    assertThat(MODULE.resolve("../docs/rollout.md")).content().contains(example);
  }

  private static ShelfPhoto photo() {
    return ShelfPhoto.of(
        "close-up",
        PhotoGenerator.seeded(20).only(SceneKind.CLOSE_UP).sized(640, 853).photo(0).jpeg());
  }

  @Test
  void swap_realModels_saysWhichVersionRead() {
    ShelfPhoto photo = photo();
    List<String> read = new ArrayList<>();
    // example swap
    try (RollingRecognizer recognizer = RollingRecognizer.open("v4", PriceTagRecognizer::open)) {
      recognizer.recognize(photo);
      recognizer.swap("v5", PriceTagRecognizer.builder().precision(Precision.INT8)::build);
      read.add(recognizer.recognizeVersioned(photo).version());
    }
    // end of swap
    assertThat(read).containsExactly("v5");
  }

  @Test
  void disagreements_realModels_areWritten(@TempDir Path folder) {
    ShelfPhoto photo = photo();
    // example disagreements
    try (DisagreementLog log = DisagreementLog.open(folder.resolve("disagreements.jsonl"));
        RollingRecognizer recognizer =
            RollingRecognizer.builder().onDisagreement(log).open("v4", PriceTagRecognizer::open)) {
      recognizer.tryOut("v5", PriceTagRecognizer.builder().precision(Precision.INT8)::build);
      recognizer.shadow(100);
      recognizer.recognize(photo);
    }
    // end of disagreements
    assertThat(folder.resolve("disagreements.jsonl")).exists();
  }

  @Test
  void trial_fakeModels_ends() {
    try (RollingRecognizer recognizer = RollingRecognizer.open("v4", () -> new FakeModels(4))) {
      trial(recognizer);
      assertThat(recognizer.version()).isEqualTo("v5");
    }
  }

  private static void trial(RollingRecognizer recognizer) {
    // example trial
    recognizer.tryOut("v5", PriceTagRecognizer.builder().precision(Precision.INT8)::build);
    recognizer.shadow(20); // percent of the photos are read by v5 too, and compared
    recognizer.canary(5); // percent of the photos are answered by v5
    System.out.println(recognizer.report().table());
    recognizer.promote(); // or rollBack(): the figures of the trial are returned
    // end of trial
  }

  /** Compiled alone; {@link AliasedModelsTest} follows an alias. */
  static void alias(Workspace workspace, ShelfPhoto photo) {
    // example alias
    AliasedModels models =
        AliasedModels.of(workspace.artifacts(), "production")
            .artifact(
                "text-recognizer",
                (options, files) -> options.textRecognizer(files.resolve("text-recognizer.onnx")));
    try (RollingRecognizer recognizer = models.open();
        AliasWatch watch = models.follow(recognizer)) {
      recognizer.recognize(photo);
      watch.look(); // at once; by itself every 10 s
    }
    // end of alias
  }
}
