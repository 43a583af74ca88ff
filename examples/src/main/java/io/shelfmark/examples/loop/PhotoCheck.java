package io.shelfmark.examples.loop;

import io.shelfmark.dataset.DatasetEntry;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.UnreadablePhotoException;
import io.shelfmark.inference.evaluation.LabeledPhoto;
import io.shelfmark.inference.evaluation.LabeledTag;
import io.shelfmark.inference.evaluation.Labels;
import io.shelfmark.inference.evaluation.LabelsException;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.pipeline.StepContext;
import io.shelfmark.storage.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks at each labelled photo: whether it can be decoded and is large enough, whether its labels
 * can be read and lie within it, and whether the same picture was there before. What fails is left
 * out; when more than a fifth fails, so does the step.
 */
final class PhotoCheck {

  private static final String DATASET = "loop-sound";
  private static final int SMALLEST_SIDE = 64;
  private static final int REPORTED = 20;
  private static final double MOST_REJECTED = 0.2;

  /** Boxes are rounded to five digits. */
  private static final double ROUNDING = 1e-4;

  private final StepContext context;
  private final DatasetVersion photos;
  private final Map<String, Digest> files = new HashMap<>();
  private final Map<Digest, String> seen = new HashMap<>();
  private final List<String> rows = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private int tags;

  private PhotoCheck(StepContext context, DatasetVersion photos) {
    this.context = context;
    this.photos = photos;
  }

  static CheckedPhotos run(StepContext context, DatasetVersion photos) throws IOException {
    return new PhotoCheck(context, photos).run();
  }

  private CheckedPhotos run() throws IOException {
    try (Stream<DatasetEntry> entries = photos.entries()) {
      entries.forEach(entry -> files.put(entry.path(), entry.digest()));
    }
    int number = 0;
    for (String row : PhotoSet.rows(photos)) {
      number++;
      Optional<String> problem = check(row);
      problem.map(("row " + number + ": ")::concat).ifPresent(this::report);
    }
    if (rows.isEmpty() || problems.size() > MOST_REJECTED * number) {
      throw new IllegalStateException(
          "Cannot use %s: found %d of %d labelled photos unusable, expected at most %.0f %% (%s)"
              .formatted(
                  photos,
                  problems.size(),
                  number,
                  100 * MOST_REJECTED,
                  String.join("; ", first(3, problems))));
    }
    context.log(
        "%d photos of %s are sound, %d are not".formatted(rows.size(), photos, problems.size()));
    return new CheckedPhotos(
        PhotoSet.commit(context, photos, DATASET, rows),
        rows.size(),
        tags,
        problems.size(),
        first(REPORTED, problems));
  }

  private void report(String problem) {
    problems.add(problem);
    context.log(problem);
  }

  private static List<String> first(int most, List<String> all) {
    return all.subList(0, Math.min(most, all.size()));
  }

  private Optional<String> check(String row) throws IOException {
    LabeledPhoto labels;
    try {
      Path file = Files.writeString(context.workFolder().resolve("row.jsonl"), row);
      labels = Labels.read(file).photos().get(0);
    } catch (LabelsException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    Digest digest = files.get(labels.file());
    if (digest == null) {
      return Optional.of(labels.file() + " is not in the dataset");
    }
    Optional<String> problem = picture(labels.file()).or(() -> outside(labels));
    if (problem.isPresent()) {
      return problem;
    }
    String other = seen.putIfAbsent(digest, labels.file());
    if (other != null) {
      return Optional.of(labels.file() + " is the same picture as " + other);
    }
    rows.add(row);
    tags += labels.tags().size();
    return Optional.empty();
  }

  private Optional<String> picture(String file) throws IOException {
    byte[] bytes;
    try (InputStream in = photos.require(file).open()) {
      bytes = in.readAllBytes();
    }
    try (DecodedPhoto photo =
        PhotoDecoder.standard().decode(file, bytes, PixelFormat.GRAY, SMALLEST_SIDE)) {
      return Math.min(photo.width(), photo.height()) < SMALLEST_SIDE
          ? Optional.of(
              "%s has %d x %d pixels, expected %d or more a side"
                  .formatted(file, photo.width(), photo.height(), SMALLEST_SIDE))
          : Optional.empty();
    } catch (UnreadablePhotoException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> outside(LabeledPhoto labels) {
    for (LabeledTag tag : labels.tags()) {
      Optional<Box> box =
          Stream.of(tag.priceBox(), tag.regularBox(), tag.nameBox())
              .flatMap(Optional::stream)
              .filter(found -> !isWithin(found))
              .findFirst();
      if (box.isPresent()) {
        return Optional.of(
            "%s has a label at %s, outside of it".formatted(labels.file(), box.get()));
      }
      Point anchor = tag.anchor();
      if (tag.scored() && !isWithin(new Box(anchor.x(), anchor.y(), anchor.x(), anchor.y()))) {
        return Optional.of("%s has a tag outside of it".formatted(labels.file()));
      }
    }
    return Optional.empty();
  }

  private static boolean isWithin(Box box) {
    return box.left() >= -ROUNDING
        && box.top() >= -ROUNDING
        && box.right() <= 1 + ROUNDING
        && box.bottom() <= 1 + ROUNDING;
  }
}
