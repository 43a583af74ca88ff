package io.shelfmark.inference.detection;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.TagCanvas;
import io.shelfmark.inference.model.InputShapes;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.model.Tensor;
import io.shelfmark.internal.Pool;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.function.ToIntFunction;

/**
 * Finds the fields of tags: each tag is rectified onto a {@link TagCanvas}, and all tags of a photo
 * go through the network in one run. Thread-safe; owns nothing.
 */
public final class FieldDetector {

  private static final int WIDTH = TagCanvas.WIDTH;
  private static final int HEIGHT = TagCanvas.HEIGHT;

  /** Bytes of one tag's canvas. */
  public static final int CANVAS_BYTES = WIDTH * HEIGHT * Float.BYTES;

  /** The shapes it sends: the tags of a photo, 32 at a time. */
  public static final InputShapes INPUTS =
      InputShapes.from(1, 1, HEIGHT, WIDTH).mostly(16, 1, HEIGHT, WIDTH).to(32, 1, HEIGHT, WIDTH);

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
  private final ToIntFunction<FieldKind> most;
  private final Pool<Candidates> candidates = new Pool<>(Candidates::new);

  /**
   * A detector on {@code model}, which stays the caller's.
   *
   * @param minimumScore fields below it are dropped, 0 to 1
   * @param most how many fields of a kind are kept of a tag, the surest; the others are noise
   * @throws ModelException when {@code model} does not keep a field detector's contract
   */
  public FieldDetector(OnnxModel model, double minimumScore, ToIntFunction<FieldKind> most) {
    model.requireContract(
        new long[] {1, 1, HEIGHT, WIDTH},
        new long[] {1, KINDS.length + 4, HEIGHT / STRIDE, WIDTH / STRIDE});
    this.model = model;
    this.minimumScore = minimumScore;
    this.most = most;
  }

  /**
   * Finds the fields of the tags from index {@code from} to {@code to}, the surest of a tag first.
   *
   * @param scratch a direct buffer of {@link #CANVAS_BYTES} for each tag, in native order, for this
   *     call alone
   * @param fields what is found, instead of what they have
   */
  public void detect(
      DecodedPhoto photo,
      TagOutlines tags,
      int from,
      int to,
      ByteBuffer scratch,
      TagFields fields) {
    int count = to - from;
    fields.clear();
    if (count == 0) {
      return;
    }
    double[] corners = new double[TagOutlines.NUMBERS];
    FloatBuffer canvases = scratch.asFloatBuffer();
    for (int i = 0; i < count; i++) {
      tags.corners(from + i, corners);
      photo.rectify(corners, canvases, i * WIDTH * HEIGHT);
    }
    try (Tensor maps = model.run(scratch, count, 1, HEIGHT, WIDTH)) {
      candidates.with(
          found -> {
            for (int i = 0; i < count; i++) {
              find(maps, i, found);
              addDistinct(maps, i, found, fields);
            }
            return fields;
          });
    }
  }

  private void find(Tensor maps, int tag, Candidates found) {
    FloatBuffer values = maps.floats();
    int columns = maps.extent(3);
    int plane = maps.extent(2) * columns;
    int start = tag * maps.extent(1) * plane;
    int count = KINDS.length * plane;
    found.clear();
    // from the heap: of loops over native memory Java 17 takes no bounds check out
    float[] scores = found.scores(count);
    values.get(start, scores, 0, count);
    for (int i = 0; i < count; i++) {
      if (scores[i] >= minimumScore) {
        add(values, start + count, columns, plane, i, scores[i], found);
      }
    }
    found.sort();
  }

  /** Adds the box of cell {@code i} of all kinds' cells, if it is one. */
  private static void add(
      FloatBuffer values, int sides, int columns, int plane, int i, float score, Candidates found) {
    int cell = i % plane;
    double x = (cell % columns + 0.5) * STRIDE;
    int row = cell / columns;
    double y = (row + 0.5) * STRIDE;
    double left = x - values.get(sides + cell);
    double top = y - values.get(sides + plane + cell);
    double right = x + values.get(sides + 2 * plane + cell);
    double bottom = y + values.get(sides + 3 * plane + cell);
    // also false for what is not a number
    if (right - left >= MINIMUM_SIDE
        && bottom - top >= MINIMUM_SIDE
        && Double.isFinite(right - left + bottom - top)) {
      found.add(i, score, left, top, right, bottom);
    }
  }

  private void addDistinct(Tensor maps, int tag, Candidates found, TagFields fields) {
    int plane = maps.extent(2) * maps.extent(3);
    int start = tag * maps.extent(1) * plane;
    int kept = 0;
    for (int i = 0; i < found.size(); i++) {
      if (isNew(found, kept, i, plane)) {
        FieldKind kind = KINDS[found.cell(i) / plane];
        found.keep(kept++, i);
        if (fields.count(kind) < most.applyAsInt(kind)) {
          float score = maps.at(start + found.cell(i));
          fields.add(kind, found.left(i), found.top(i), found.right(i), found.bottom(i), score);
        }
      }
    }
    fields.endTag();
  }

  /**
   * Lines of a name that run askew share much of their boxes, while two boxes of one line lie at
   * one height.
   */
  private static boolean areSame(FieldKind kind, Candidates found, int a, int b) {
    double overlap = found.overlap(a, b);
    if (kind != FieldKind.NAME) {
      return overlap > SAME_FIELD_OVERLAP;
    }
    double apart = Math.abs(found.top(a) + found.bottom(a) - found.top(b) - found.bottom(b)) / 2;
    double lower = Math.min(found.bottom(a) - found.top(a), found.bottom(b) - found.top(b));
    double shared =
        Math.min(found.right(a), found.right(b)) - Math.max(found.left(a), found.left(b));
    double shorter = Math.min(found.right(a) - found.left(a), found.right(b) - found.left(b));
    return overlap > SAME_LINE_OVERLAP
        || (apart < SAME_LINE_APART * lower && shared > 0.5 * shorter);
  }

  private static boolean isNew(Candidates found, int kept, int candidate, int plane) {
    for (int i = 0; i < kept; i++) {
      int kind = found.cell(i) / plane;
      if (kind == found.cell(candidate) / plane && areSame(KINDS[kind], found, i, candidate)) {
        return false;
      }
    }
    return true;
  }
}
