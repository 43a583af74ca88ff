package io.shelfmark.inference;

import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagFields;
import io.shelfmark.inference.image.Homography;
import io.shelfmark.inference.image.TagCanvas;
import io.shelfmark.inference.text.TextLines;
import java.util.Arrays;

/**
 * Where the lines of one tag at a time lie in the photo. Holds scratch memory: for one thread.
 *
 * <p>Fields are found on the canvas of the outline that was detected, as the field detector was
 * trained. Lines of text are then turned so that they run along the refined outline: what is cut
 * askew is misread. Prices are not: large digits are read askew as well, and the price-tag data's
 * training photos lose more of them by the turn than they gain.
 */
final class TagLines {

  private static final double NAME_TRIM = 0.15;
  private static final double NAME_REACH = 0.1;

  private final TagCanvas canvas = new TagCanvas();

  /** From the unit square to the refined outline, and back. */
  private final Homography toPhoto = new Homography();

  private final Homography toTag = new Homography();

  /** Whether the refined outline is another than the detected one. */
  private boolean turned;

  private final double[] quad = new double[8];

  /** A place on the tag, and what lies left, right, above and below of it at the tag's edges. */
  private final double[] points = new double[10];

  /**
   * Turns to the tag with the outlines {@code detected} and {@code refined}, each as x and y of its
   * corners.
   */
  void turn(double[] detected, double[] refined) {
    canvas.lay(detected);
    turned = !Arrays.equals(refined, detected) && toPhoto.takeSquareTo(refined);
    if (turned) {
      toTag.invert(toPhoto);
    }
  }

  /**
   * Adds the line of field {@code i} to {@code lines}.
   *
   * <p>The detector draws names taller and a little shorter than their letters: their lines lie
   * close, and the boxes it learned from hold slanted ones whole. Shares chosen on the price-tag
   * data's dev photos, where they take a fifth of the misread characters away.
   */
  void add(TagFields fields, int i, TextLines.Kind kind, TextLines lines) {
    boolean name = fields.kind(i) == FieldKind.NAME;
    double height = fields.bottom(i) - fields.top(i);
    double across = name ? NAME_TRIM * height : 0;
    double along = name ? NAME_REACH * height : 0;
    canvas.line(
        fields.left(i) - along,
        fields.top(i) + across,
        fields.right(i) + along,
        fields.bottom(i) - across,
        quad);
    if (turned && kind != TextLines.Kind.PRICE) {
      straighten();
    }
    lines.add(quad, kind, i);
  }

  /** Keeps the quad's center and size and gives its sides the directions that the tag has there. */
  private void straighten() {
    double x = (quad[0] + quad[2] + quad[4] + quad[6]) / 4;
    double y = (quad[1] + quad[3] + quad[5] + quad[7]) / 4;
    double width =
        Math.hypot(quad[2] + quad[4] - quad[0] - quad[6], quad[3] + quad[5] - quad[1] - quad[7]);
    double height =
        Math.hypot(quad[4] + quad[6] - quad[0] - quad[2], quad[5] + quad[7] - quad[1] - quad[3]);
    toTag.map(x, y, points, 0);
    toPhoto.map(0, points[1], points, 2);
    toPhoto.map(1, points[1], points, 4);
    toPhoto.map(points[0], 0, points, 6);
    toPhoto.map(points[0], 1, points, 8);
    double along = width / 4 / Math.hypot(points[2] - points[4], points[3] - points[5]);
    double across = height / 4 / Math.hypot(points[6] - points[8], points[7] - points[9]);
    double dx = along * (points[4] - points[2]);
    double dy = along * (points[5] - points[3]);
    double ex = across * (points[8] - points[6]);
    double ey = across * (points[9] - points[7]);
    set(0, x - dx - ex, y - dy - ey);
    set(2, x + dx - ex, y + dy - ey);
    set(4, x + dx + ex, y + dy + ey);
    set(6, x - dx + ex, y - dy + ey);
  }

  private void set(int at, double x, double y) {
    quad[at] = x;
    quad[at + 1] = y;
  }
}
