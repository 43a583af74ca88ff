package io.shelfmark.inference;

import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagField;
import io.shelfmark.inference.image.Homography;
import io.shelfmark.inference.image.TagCanvas;
import io.shelfmark.inference.text.TextLines;
import org.jspecify.annotations.Nullable;

/**
 * Where the lines of one tag lie in the photo. For one thread.
 *
 * <p>Fields are found on the canvas of the outline that was detected, as the field detector was
 * trained. Lines of text are then turned so that they run along the refined outline: what is cut
 * askew is misread. Prices are not: large digits are read askew as well, and the price-tag data's
 * training photos lose more of them by the turn than they gain.
 */
final class TagLines {

  private static final double NAME_TRIM = 0.15;
  private static final double NAME_REACH = 0.1;

  private final TagCanvas canvas;

  /** From the unit square to the refined outline; nothing when that is the detected one. */
  private final @Nullable Homography toPhoto;

  private final @Nullable Homography toTag;

  TagLines(Outline detected, Outline refined) {
    this.canvas = new TagCanvas(detected);
    this.toPhoto = refined.equals(detected) ? null : Homography.ofSquare(refined);
    this.toTag = toPhoto == null ? null : toPhoto.inverse();
  }

  /** Adds the line of a field to {@code lines}. */
  void add(TagField field, TextLines.Kind kind, TextLines lines) {
    Box box = written(field);
    if (kind == TextLines.Kind.PRICE || toPhoto == null || toTag == null) {
      lines.add(canvas, box, kind);
      return;
    }
    double[] quad = new double[8];
    canvas.line(box, quad);
    straighten(quad, toPhoto, toTag);
    lines.add(quad, kind);
  }

  /**
   * The box of a field's print. The detector draws names taller and a little shorter than their
   * letters: their lines lie close, and the boxes it learned from hold slanted ones whole. Shares
   * chosen on the price-tag data's dev photos, where they take a fifth of the misread characters
   * away.
   */
  private static Box written(TagField field) {
    Box box = field.box();
    if (field.kind() != FieldKind.NAME) {
      return box;
    }
    double across = NAME_TRIM * box.height();
    double along = NAME_REACH * box.height();
    return new Box(
        box.left() - along, box.top() + across, box.right() + along, box.bottom() - across);
  }

  /** Keeps a quad's center and size and gives its sides the directions that the tag has there. */
  private static void straighten(double[] quad, Homography toPhoto, Homography toTag) {
    Point center =
        new Point(
            (quad[0] + quad[2] + quad[4] + quad[6]) / 4,
            (quad[1] + quad[3] + quad[5] + quad[7]) / 4);
    double width =
        Math.hypot(quad[2] + quad[4] - quad[0] - quad[6], quad[3] + quad[5] - quad[1] - quad[7]);
    double height =
        Math.hypot(quad[4] + quad[6] - quad[0] - quad[2], quad[5] + quad[7] - quad[1] - quad[3]);
    Point place = toTag.map(center);
    Point left = toPhoto.map(new Point(0, place.y()));
    Point right = toPhoto.map(new Point(1, place.y()));
    Point top = toPhoto.map(new Point(place.x(), 0));
    Point bottom = toPhoto.map(new Point(place.x(), 1));
    double along = width / 4 / left.distance(right);
    double across = height / 4 / top.distance(bottom);
    double dx = along * (right.x() - left.x());
    double dy = along * (right.y() - left.y());
    double ex = across * (bottom.x() - top.x());
    double ey = across * (bottom.y() - top.y());
    set(quad, 0, center.x() - dx - ex, center.y() - dy - ey);
    set(quad, 2, center.x() + dx - ex, center.y() + dy - ey);
    set(quad, 4, center.x() + dx + ex, center.y() + dy + ey);
    set(quad, 6, center.x() - dx + ex, center.y() - dy + ey);
  }

  private static void set(double[] quad, int at, double x, double y) {
    quad[at] = x;
    quad[at + 1] = y;
  }
}
