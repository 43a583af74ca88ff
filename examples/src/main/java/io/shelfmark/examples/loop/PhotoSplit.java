package io.shelfmark.examples.loop;

import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.dataset.Split;
import io.shelfmark.pipeline.StepContext;
import java.io.IOException;
import java.util.List;

/**
 * Parts photos into those to train on and those to measure on, by a hash of their group, or of
 * their bytes where they have none: a photo keeps its part whatever comes along, and photos of one
 * tag stay together.
 */
final class PhotoSplit {

  static final String TRAIN = "train";
  static final String DEV = "dev";

  private PhotoSplit() {}

  static DatasetVersion commit(StepContext context, CheckedPhotos photos, String part)
      throws IOException {
    DatasetVersion sound = photos.sound();
    Split split = Split.by(group -> group).part(TRAIN, 0.75).part(DEV, 0.25);
    List<String> rows =
        PhotoSet.rows(sound).stream()
            .filter(row -> split.partOf(group(sound, row)).equals(part))
            .toList();
    if (rows.isEmpty()) {
      throw new IllegalStateException(
          "Cannot split %s: found none of its %d photos in the part %s, expected some (take more photos)"
              .formatted(sound, photos.photos(), part));
    }
    context.log("%d of %d photos are for %s".formatted(rows.size(), photos.photos(), part));
    return PhotoSet.commit(context, sound, "loop-" + part, rows);
  }

  private static String group(DatasetVersion photos, String row) {
    String group = PhotoSet.text(row, "group");
    return group.isEmpty() ? photos.require(PhotoSet.text(row, "file")).digest().toString() : group;
  }
}
