package io.shelfmark.inference.detection;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.image.TagCanvas;
import io.shelfmark.inference.model.InputShapes;
import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.model.Tensor;
import io.shelfmark.internal.Pool;
import java.nio.ByteBuffer;

/**
 * Finds the tags of a photo. The network marks each tag's center and regresses its corners from
 * there (Zhou, Wang and Krähenbühl, "Objects as Points", 2019); a center is a local maximum of the
 * score map, so there is little left to suppress. Thread-safe; owns nothing.
 */
public final class TagDetector {

  /** Long side of what the network sees, in pixels. */
  static final int LONG_SIDE = 640;

  /** Bytes of the largest input, that of a model for colors. */
  public static final int INPUT_BYTES = 3 * LONG_SIDE * LONG_SIDE * Float.BYTES;

  private static final int STRIDE = 8;
  private static final int MULTIPLE = 64;

  private static final double SAME_TAG_OVERLAP = 0.45;

  private final OnnxModel model;
  private final PixelFormat format;
  private final double minimumScore;
  private final int maximumTags;
  private final Pool<Candidates> candidates = new Pool<>(Candidates::new);

  /**
   * A detector on {@code model}, which stays the caller's.
   *
   * @param format what the model looks at, as {@link #format(ModelSource)} tells
   * @param minimumScore detections below it are dropped, 0 to 1
   * @param maximumTags the best are kept when there are more
   * @throws ModelException when {@code model} does not keep a tag detector's contract
   */
  public TagDetector(OnnxModel model, PixelFormat format, double minimumScore, int maximumTags) {
    model.requireContract(
        new long[] {1, format.planes(), MULTIPLE, LONG_SIDE},
        new long[] {1, 1 + 2 * 4, MULTIPLE / STRIDE, LONG_SIDE / STRIDE});
    this.format = format;
    this.model = model;
    this.minimumScore = minimumScore;
    this.maximumTags = maximumTags;
  }

  /**
   * What a tag detector looks at: brightness alone where its card says so by {@code "channels": 1},
   * else colors.
   *
   * @throws ModelException when there is no card, it is no JSON or says another number
   */
  public static PixelFormat format(ModelSource source) {
    double channels = source.cardNumber("channels").orElse(3);
    if (channels != 1 && channels != 3) {
      throw new ModelException(
          "Cannot use model %s: found %.0f channels in its card, expected 1 for gray or 3 for colors (put its card right)"
              .formatted(source.name(), channels));
    }
    return channels == 1 ? PixelFormat.GRAY : PixelFormat.COLOR;
  }

  /** The shapes it sends: one photo, its long side at full length. */
  public static InputShapes inputs(PixelFormat format) {
    int planes = format.planes();
    return InputShapes.from(1, planes, MULTIPLE, MULTIPLE)
        .mostly(1, planes, 3 * LONG_SIDE / 4, LONG_SIDE)
        .to(1, planes, LONG_SIDE, LONG_SIDE);
  }

  /** What of a photo it looks at. */
  public PixelFormat format() {
    return format;
  }

  /**
   * Finds the tags of {@code photo}, the surest first.
   *
   * @param scratch a direct buffer of {@link #INPUT_BYTES} in native order, for this call alone
   * @param tags what is found, instead of what they have
   */
  public void detect(DecodedPhoto photo, ByteBuffer scratch, TagOutlines tags) {
    double scale = (double) LONG_SIDE / Math.max(photo.width(), photo.height());
    int width = roundUp(photo.width() * scale);
    int height = roundUp(photo.height() * scale);
    double used = photo.letterbox(scratch.asFloatBuffer(), format, width, height);
    tags.clear();
    try (Tensor maps = model.run(scratch, 1, format.planes(), height, width)) {
      candidates.with(
          found -> {
            find(maps, used, found);
            addDistinct(maps, used, found, tags);
            return tags;
          });
    }
  }

  private void find(Tensor maps, double scale, Candidates found) {
    int plane = maps.extent(2) * maps.extent(3);
    double[] corners = new double[TagOutlines.NUMBERS];
    found.clear();
    for (int cell = 0; cell < plane; cell++) {
      float score = maps.at(cell);
      if (score >= minimumScore && locate(maps, cell, scale, corners)) {
        found.add(
            cell,
            score,
            Math.min(Math.min(corners[0], corners[2]), Math.min(corners[4], corners[6])),
            Math.min(Math.min(corners[1], corners[3]), Math.min(corners[5], corners[7])),
            Math.max(Math.max(corners[0], corners[2]), Math.max(corners[4], corners[6])),
            Math.max(Math.max(corners[1], corners[3]), Math.max(corners[5], corners[7])));
      }
    }
    found.sort();
  }

  /**
   * The corners, as x and y, of the tag with its center in {@code cell}; false when one is nowhere:
   * half-precision models may overflow.
   */
  private static boolean locate(Tensor maps, int cell, double scale, double[] corners) {
    int columns = maps.extent(3);
    int plane = maps.extent(2) * columns;
    double x = (cell % columns + 0.5) * STRIDE;
    int row = cell / columns;
    double y = (row + 0.5) * STRIDE;
    for (int i = 0; i < corners.length; i++) {
      corners[i] = ((i % 2 == 0 ? x : y) + maps.at((1 + i) * plane + cell)) / scale;
      if (!Double.isFinite(corners[i])) {
        return false;
      }
    }
    return true;
  }

  /** A large tag may leave two maxima; of two outlines that overlap by much the surer stays. */
  private void addDistinct(Tensor maps, double scale, Candidates found, TagOutlines tags) {
    double[] corners = new double[TagOutlines.NUMBERS];
    for (int i = 0; i < found.size() && tags.size() < maximumTags; i++) {
      locate(maps, found.cell(i), scale, corners);
      if (TagCanvas.canRectify(corners) && isNew(found, tags.size(), i)) {
        found.keep(tags.size(), i);
        tags.add(corners, maps.at(found.cell(i)));
      }
    }
  }

  private static boolean isNew(Candidates found, int kept, int candidate) {
    for (int i = 0; i < kept; i++) {
      if (found.overlap(i, candidate) > SAME_TAG_OVERLAP) {
        return false;
      }
    }
    return true;
  }

  private static int roundUp(double pixels) {
    return Math.max(1, (int) Math.ceil(pixels / MULTIPLE - 1e-9)) * MULTIPLE;
  }
}
