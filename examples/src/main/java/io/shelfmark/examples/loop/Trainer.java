package io.shelfmark.examples.loop;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.pipeline.StepContext;
import io.shelfmark.storage.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Python that trains a candidate, from inference/training by way of this jar. It is an artifact
 * like any other input: other scripts, another training.
 */
final class Trainer {

  static final List<String> FILES =
      Stream.concat(
              Stream.of(
                  "train_candidate",
                  "train_text_recognizer",
                  "train_field_detector",
                  "train_tag_detector",
                  "export_models"),
              Stream.of(
                      "__init__",
                      "alphabet",
                      "geometry",
                      "history",
                      "kopecks",
                      "light",
                      "lines",
                      "maps",
                      "networks",
                      "outlines",
                      "photos",
                      "published",
                      "schedule")
                  .map("shelfmark_training/"::concat))
          .map(name -> name + ".py")
          .toList();

  private Trainer() {}

  static ArtifactVersion publish(StepContext context) throws IOException {
    Path folder = context.workFolder().resolve("trainer");
    for (String file : FILES) {
      Path target = folder.resolve(file);
      Files.createDirectories(target.resolveSibling(""));
      try (InputStream in = open(file)) {
        Files.copy(in, target);
      }
    }
    return context.publish("text-recognizer-trainer", folder);
  }

  /** The identity of the files, before they are published. */
  static String digest() {
    StringBuilder digests = new StringBuilder();
    for (String file : FILES) {
      try (InputStream in = open(file)) {
        digests.append(Digest.of(in.readAllBytes())).append('\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Digest.of(digests.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .toString();
  }

  private static InputStream open(String file) {
    InputStream in = Trainer.class.getResourceAsStream("training/" + file);
    if (in == null) {
      throw new IllegalStateException(
          "Cannot find training/%s: found no such resource, expected it in the examples jar (rebuild it)"
              .formatted(file));
    }
    return in;
  }
}
