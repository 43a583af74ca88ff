package io.shelfmark.inference.detection;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.TagCanvas;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.model.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the fields of tags: each tag is rectified onto a {@link TagCanvas}, and all tags of a photo
 * go through the network in one run. Thread-safe; owns nothing.
 */
public final class FieldDetector {

  private static final int WIDTH = TagCanvas.WIDTH;
  private static final int HEIGHT = TagCanvas.HEIGHT;

  /** Bytes of one tag's canvas. */
  public static final int CANVAS_BYTES = WIDTH * HEIGHT * Float.BYTES;

  private static final int STRIDE = 4;
  private static final double SAME_FIELD_OVERLAP = 0.4;
  private static final double SAME_LINE_OVERLAP = 0.5;

  /** Between the middles of two boxes of one line, in heights of the lower one. */
  private static final double SAME_LINE_APART = 0.2;

  /** Pixels of the canvas: nothing smaller can be read. */
  private static final double MINIMUM_SIDE = 2;

  private static final FieldKind[] KINDS = FieldKind.values();

  private final OnnxModel model;
  private final double minimumScore;

  /**
   * A detector on {@code model}, which stays the caller's.
   *
   * @param minimumScore fields below it are dropped, 0 to 1
   * @throws ModelException when {@code model} does not keep a field detector's contract
   */
  public FieldDetector(OnnxModel model, double minimumScore) {
    model.requireContract(
        new long[] {1, 1, HEIGHT, WIDTH},
        new long[] {1, KINDS.length + 4, HEIGHT / STRIDE, WIDTH / STRIDE});
    this.model = model;
    this.minimumScore = minimumScore;
  }

  /**
   * The fields of each tag, in the order of {@code outlines}, the surest of a tag first.
   *
   * @param scratch a direct buffer of {@link #CANVAS_BYTES} for each outline, in native order, for
   *     this call alone
   */
  public List<List<TagField>> detect(
      DecodedPhoto photo, List<Outline> outlines, ByteBuffer scratch) {
    if (outlines.isEmpty()) {
      return List.of();
    }
    FloatBuffer canvases = scratch.asFloatBuffer();
    for (int i = 0; i < outlines.size(); i++) {
      photo.rectify(outlines.get(i), canvases, i * WIDTH * HEIGHT);
    }
    try (Tensor maps = model.run(scratch, outlines.size(), 1, HEIGHT, WIDTH)) {
      List<List<TagField>> fields = new ArrayList<>(outlines.size());
      for (int i = 0; i < outlines.size(); i++) {
        fields.add(decode(maps, i));
      }
      return fields;
    }
  }

  private List<TagField> decode(Tensor maps, int tag) {
    int rows = maps.extent(2);
    int columns = maps.extent(3);
    int plane = rows * columns;
    int start = tag * maps.extent(1) * plane;
    int sides = start + KINDS.length * plane;
    List<TagField> found = new ArrayList<>();
    for (int kind = 0; kind < KINDS.length; kind++) {
      for (int cell = 0; cell < plane; cell++) {
        float score = maps.at(start + kind * plane + cell);
        if (score >= minimumScore) {
          int row = cell / columns;
          double x = (cell % columns + 0.5) * STRIDE;
          double y = (row + 0.5) * STRIDE;
          double left = x - maps.at(sides + cell);
          double top = y - maps.at(sides + plane + cell);
          double right = x + maps.at(sides + 2 * plane + cell);
          double bottom = y + maps.at(sides + 3 * plane + cell);
          // also false for what is not a number
          if (right - left >= MINIMUM_SIDE
              && bottom - top >= MINIMUM_SIDE
              && Double.isFinite(right - left + bottom - top)) {
            found.add(new TagField(KINDS[kind], new Box(left, top, right, bottom), score));
          }
        }
      }
    }
    found.sort(Comparator.comparingDouble(TagField::score).reversed());
    return distinct(found);
  }

  private static List<TagField> distinct(List<TagField> sorted) {
    List<TagField> kept = new ArrayList<>();
    for (TagField candidate : sorted) {
      if (isNew(kept, candidate)) {
        kept.add(candidate);
      }
    }
    return kept;
  }

  private static boolean isNew(List<TagField> kept, TagField candidate) {
    for (TagField other : kept) {
      if (other.kind() == candidate.kind() && areSame(other.kind(), other.box(), candidate.box())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Lines of a name that run askew share much of their boxes, while two boxes of one line lie at
   * one height.
   */
  private static boolean areSame(FieldKind kind, Box a, Box b) {
    double overlap = Overlap.of(a, b);
    if (kind != FieldKind.NAME) {
      return overlap > SAME_FIELD_OVERLAP;
    }
    double apart = Math.abs(a.top() + a.bottom() - b.top() - b.bottom()) / 2;
    double shared = Math.min(a.right(), b.right()) - Math.max(a.left(), b.left());
    return overlap > SAME_LINE_OVERLAP
        || (apart < SAME_LINE_APART * Math.min(a.height(), b.height())
            && shared > 0.5 * Math.min(a.width(), b.width()));
  }
}
