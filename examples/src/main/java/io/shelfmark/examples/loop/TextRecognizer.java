package io.shelfmark.examples.loop;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.evaluation.Evaluation;
import io.shelfmark.inference.evaluation.Labels;
import io.shelfmark.inference.evaluation.ProgressListener;
import io.shelfmark.pipeline.StepContext;
import io.shelfmark.storage.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The model that the loop makes anew. A version of it holds {@code text-recognizer.onnx} and its
 * card {@code text-recognizer.json}; the contract is in inference/training/README.md.
 */
final class TextRecognizer {

  static final String ARTIFACT = "text-recognizer";

  private static final String ONNX = ARTIFACT + ".onnx";
  private static final List<String> FILES = List.of(ONNX, ARTIFACT + ".json");

  private TextRecognizer() {}

  /** The model in the inference jar: what trainings begin with, and what a new shop begins with. */
  static ArtifactVersion publishBundled(StepContext context) throws IOException {
    return publishBundled(context, "bundled-" + ARTIFACT);
  }

  static ArtifactVersion publishBundled(StepContext context, String artifact) throws IOException {
    try (var version = context.newArtifact(artifact)) {
      for (String file : FILES) {
        try (InputStream in = bundled(file)) {
          version.addStream(file, in);
        }
      }
      return version.message("the bundled model").publish();
    }
  }

  static String bundledDigest() {
    try (InputStream card = bundled(FILES.get(1))) {
      return Digest.of(card.readAllBytes()).toString(); // it holds the model's digest
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream bundled(String file) {
    InputStream in = PriceTagRecognizer.class.getResourceAsStream("model/" + file);
    if (in == null) {
      throw new IllegalStateException(
          "Cannot find model/%s: found no such resource, expected it in the inference jar (rebuild it)"
              .formatted(file));
    }
    return in;
  }

  /** Reads the photos with a model and the bundled detectors. */
  static Score score(StepContext context, ArtifactVersion model, DatasetVersion photos) {
    Path models = context.workFolder().resolve("model");
    Path folder = context.workFolder().resolve("photos");
    model.download(models);
    photos.checkout(folder);
    try (PriceTagRecognizer recognizer =
        PriceTagRecognizer.builder().textRecognizer(models.resolve(ONNX)).build()) {
      var report =
          Evaluation.of(recognizer)
              .run(Labels.read(folder.resolve(PhotoSource.LABELS)), ProgressListener.none());
      context.log(report.table());
      return Score.of(report.all());
    }
  }
}
