package io.shelfmark.inference.detection;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.model.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the tags of a photo. The network marks each tag's center and regresses its corners from
 * there (Zhou, Wang and Krähenbühl, "Objects as Points", 2019); a center is a local maximum of the
 * score map, so there is little left to suppress. Thread-safe; owns nothing.
 */
public final class TagDetector {

  /** Long side of what the network sees, in pixels. */
  static final int LONG_SIDE = 640;

  /** Bytes of the largest input. */
  public static final int INPUT_BYTES = 3 * LONG_SIDE * LONG_SIDE * Float.BYTES;

  private static final int STRIDE = 8;
  private static final int MULTIPLE = 64;
  private static final double SAME_TAG_OVERLAP = 0.45;

  private final OnnxModel model;
  private final double minimumScore;
  private final int maximumTags;

  /**
   * A detector on {@code model}, which stays the caller's.
   *
   * @param minimumScore detections below it are dropped, 0 to 1
   * @param maximumTags the best are kept when there are more
   * @throws ModelException when {@code model} does not keep a tag detector's contract
   */
  public TagDetector(OnnxModel model, double minimumScore, int maximumTags) {
    model.requireContract(
        new long[] {1, 3, MULTIPLE, LONG_SIDE},
        new long[] {1, 1 + 2 * 4, MULTIPLE / STRIDE, LONG_SIDE / STRIDE});
    this.model = model;
    this.minimumScore = minimumScore;
    this.maximumTags = maximumTags;
  }

  /**
   * The tags of {@code photo}, the surest first.
   *
   * @param scratch a direct buffer of {@link #INPUT_BYTES} in native order, for this call alone
   */
  public List<Detection> detect(DecodedPhoto photo, ByteBuffer scratch) {
    double scale = (double) LONG_SIDE / Math.max(photo.width(), photo.height());
    int width = roundUp(photo.width() * scale);
    int height = roundUp(photo.height() * scale);
    double used = photo.letterbox(scratch.asFloatBuffer(), width, height);
    try (Tensor maps = model.run(scratch, 1, 3, height, width)) {
      return decode(maps, used);
    }
  }

  private List<Detection> decode(Tensor maps, double scale) {
    int rows = maps.extent(2);
    int columns = maps.extent(3);
    int plane = rows * columns;
    List<Detection> found = new ArrayList<>();
    for (int cell = 0; cell < plane; cell++) {
      float score = maps.at(cell);
      if (score >= minimumScore) {
        int row = cell / columns;
        double x = (cell % columns + 0.5) * STRIDE;
        double y = (row + 0.5) * STRIDE;
        outline(maps, plane, cell, x, y, scale)
            .ifPresent(outline -> found.add(new Detection(outline, score)));
      }
    }
    found.sort(Comparator.comparingDouble(Detection::confidence).reversed());
    return distinct(found);
  }

  /** Empty when a corner is nowhere: half-precision models may overflow. */
  private static Optional<Outline> outline(
      Tensor maps, int plane, int cell, double x, double y, double scale) {
    Point[] corners = new Point[4];
    for (int i = 0; i < 4; i++) {
      double cornerX = (x + maps.at((1 + 2 * i) * plane + cell)) / scale;
      double cornerY = (y + maps.at((2 + 2 * i) * plane + cell)) / scale;
      if (!Double.isFinite(cornerX) || !Double.isFinite(cornerY)) {
        return Optional.empty();
      }
      corners[i] = new Point(cornerX, cornerY);
    }
    return Optional.of(new Outline(corners[0], corners[1], corners[2], corners[3]));
  }

  /** A large tag may leave two maxima; of two outlines that overlap by much the surer stays. */
  private List<Detection> distinct(List<Detection> sorted) {
    List<Detection> kept = new ArrayList<>();
    List<Box> boxes = new ArrayList<>();
    for (Detection candidate : sorted) {
      if (kept.size() == maximumTags) {
        break;
      }
      Box box = candidate.box();
      if (isConvex(candidate.outline()) && isNew(boxes, box)) {
        kept.add(candidate);
        boxes.add(box);
      }
    }
    return kept;
  }

  private static boolean isNew(List<Box> boxes, Box candidate) {
    for (Box box : boxes) {
      if (Overlap.of(box, candidate) > SAME_TAG_OVERLAP) {
        return false;
      }
    }
    return true;
  }

  /** Whether the corners go round clockwise without a dent: no other outline can be rectified. */
  private static boolean isConvex(Outline outline) {
    List<Point> corners = outline.corners();
    for (int i = 0; i < 4; i++) {
      Point a = corners.get(i);
      Point b = corners.get((i + 1) % 4);
      Point c = corners.get((i + 2) % 4);
      double turn = (b.x() - a.x()) * (c.y() - b.y()) - (b.y() - a.y()) * (c.x() - b.x());
      if (!(turn > 0)) {
        return false;
      }
    }
    return true;
  }

  private static int roundUp(double pixels) {
    return Math.max(1, (int) Math.ceil(pixels / MULTIPLE - 1e-9)) * MULTIPLE;
  }
}
