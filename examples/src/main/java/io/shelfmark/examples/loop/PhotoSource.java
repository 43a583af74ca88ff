package io.shelfmark.examples.loop;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.inference.synthetic.PhotoFolder;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.pipeline.StepContext;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the photos and their labels come from; either way the dataset {@code loop-photos}. */
final class PhotoSource {

  static final String LABELS = "labels.jsonl";

  private static final String DATASET = "loop-photos";

  private PhotoSource() {}

  /** Photos of the generator, as the bundled models were trained on. */
  static DatasetVersion generated(StepContext context, int count, int seed) {
    Path folder = context.workFolder().resolve("photos");
    new PhotoFolder(PhotoGenerator.seeded(seed), folder)
        .write(count, Runtime.getRuntime().availableProcessors());
    return commit(context, folder, "%d generated photos, seed %d".formatted(count, seed));
  }

  /**
   * A version of a dataset by its name, {@code dataset:shelf-photos@3}, or the photos below a
   * folder; of these no new version when none changed.
   */
  static DatasetVersion imported(StepContext context, String path) {
    if (path.startsWith("dataset:")) {
      VersionRef ref = VersionRef.parse(path);
      return context.workspace().dataset(ref.name()).require(ref.number());
    }
    Path folder = Path.of(path);
    if (!Files.exists(folder.resolve(LABELS))) {
      throw new IllegalArgumentException(
          "Cannot import photos of %s: found no %s in it, expected one (docs/evaluation.md has its format)"
              .formatted(folder.toAbsolutePath(), LABELS));
    }
    return commit(context, folder, "photos of " + folder);
  }

  private static DatasetVersion commit(StepContext context, Path folder, String message) {
    try (var commit = context.newCommit(DATASET)) {
      DatasetVersion photos = commit.replaceWith(folder).message(message).commit();
      context.log("%s: %d files, %d bytes".formatted(photos, photos.fileCount(), photos.size()));
      return photos;
    }
  }
}
