package io.shelfmark.inference.synthetic;

import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the truth off a composed canvas: where each hung tag's fields came to lie and how much of
 * them is seen.
 */
final class GroundTruth {
  private static final int COLUMNS = 32;
  private static final int ROWS = 6;
  private static final double READABLE_HEIGHT = 9;

  private final PhotoCanvas canvas;
  private final double softness;

  GroundTruth(PhotoCanvas canvas, double softness) {
    this.canvas = canvas;
    this.softness = softness;
  }

  /** What can be told of a tag, or nothing if almost nothing of it is seen. */
  Optional<TagTruth> of(HungTag hung) {
    FlatTag tag = hung.tag();
    Sight whole = look(hung, new Rectangle2D.Double(0, 0, tag.width(), 1));
    if (whole.share() < 0.12) {
      return Optional.empty();
    }
    List<FieldTruth> fields = new ArrayList<>();
    String legibility = "hard";
    for (FlatField field : tag.fields()) {
      Sight sight = look(hung, field.box());
      if (sight.share() < 0.25) {
        continue;
      }
      Rectangle2D box = field.box();
      Outline outline = hung.outline(box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY());
      boolean legible = sight.share() > 0.85 && sight.hiddenColumns() < 2;
      String kind = field.kind().label();
      fields.add(
          new FieldTruth(kind, legible ? field.text() : "", outline, field.line(), sight.share()));
      if (field.kind() == FieldKind.PRICE) {
        legibility = legible ? legibility(outline, field.text().length(), sight.share()) : "hard";
      }
    }
    TagFacts facts = tag.facts();
    return Optional.of(
        new TagTruth(
            tag.layout(),
            hung.outline(),
            whole.share() < 0.97,
            !legibility.equals("hard"),
            legibility,
            facts.paper,
            facts.esl,
            facts.currency,
            facts.conditionKind == null ? "" : facts.conditionKind,
            facts.conditionQuantity,
            facts.unit == null ? "" : facts.unit,
            List.copyOf(fields)));
  }

  private String legibility(Outline outline, int characters, double share) {
    double height =
        (outline.topLeft().distance(outline.bottomLeft())
                + outline.topRight().distance(outline.bottomRight()))
            / 2;
    double length =
        (outline.topLeft().distance(outline.topRight())
                + outline.bottomLeft().distance(outline.bottomRight()))
            / 2;
    double letter = length / characters;
    if (height < READABLE_HEIGHT
        || letter < 3.5
        || softness > 0.13 * height
        || softness > 0.35 * letter) {
      return "hard";
    }
    return height >= 20 && letter >= 8 && share > 0.97 && softness < 0.07 * height
        ? "good"
        : "fair";
  }

  private Sight look(HungTag hung, Rectangle2D box) {
    int seen = 0;
    int hiddenColumns = 0;
    for (int i = 0; i < COLUMNS; i++) {
      int inColumn = 0;
      for (int j = 0; j < ROWS; j++) {
        Point2D at =
            hung.toPhoto()
                .map(
                    box.getMinX() + (i + 0.5) / COLUMNS * box.getWidth(),
                    box.getMinY() + (j + 0.5) / ROWS * box.getHeight());
        if (canvas.owner((int) Math.floor(at.getX()), (int) Math.floor(at.getY()))
            == hung.number()) {
          inColumn++;
        }
      }
      seen += inColumn;
      hiddenColumns += inColumn < ROWS / 2 ? 1 : 0;
    }
    return new Sight(seen / (double) (COLUMNS * ROWS), hiddenColumns);
  }

  private record Sight(double share, int hiddenColumns) {}

  /**
   * The outline after the photo was turned clockwise by a quarter ({@code turns} = 1) or
   * counter-clockwise (-1).
   */
  static Outline turned(Outline outline, int turns, int width, int height) {
    return new Outline(
        turned(outline.topLeft(), turns, width, height),
        turned(outline.topRight(), turns, width, height),
        turned(outline.bottomRight(), turns, width, height),
        turned(outline.bottomLeft(), turns, width, height));
  }

  private static Point turned(Point p, int turns, int width, int height) {
    return turns > 0 ? new Point(height - p.y(), p.x()) : new Point(p.y(), width - p.x());
  }
}
