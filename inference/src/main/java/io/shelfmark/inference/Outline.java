package io.shelfmark.inference;

import java.util.List;

/**
 * The four corners of a price tag in pixels of the upright photo, in the order in which the tag
 * itself is read: on a tag that hangs turned by 90 degrees clockwise, {@code topLeft} lies at the
 * top right of the photo. Corners may lie outside the photo when the frame cuts the tag. Immutable.
 */
public record Outline(Point topLeft, Point topRight, Point bottomRight, Point bottomLeft) {

  /** The upright rectangle as an outline that is read from left to right. */
  public static Outline of(Box box) {
    return new Outline(
        new Point(box.left(), box.top()),
        new Point(box.right(), box.top()),
        new Point(box.right(), box.bottom()),
        new Point(box.left(), box.bottom()));
  }

  /** The corners clockwise as the tag is read, beginning with the top left one. */
  public List<Point> corners() {
    return List.of(topLeft, topRight, bottomRight, bottomLeft);
  }

  /** The smallest upright rectangle around the corners. */
  public Box box() {
    return new Box(left(), top(), right(), bottom());
  }

  // the edges of that rectangle

  double left() {
    return Math.min(Math.min(topLeft.x(), topRight.x()), Math.min(bottomRight.x(), bottomLeft.x()));
  }

  double right() {
    return Math.max(Math.max(topLeft.x(), topRight.x()), Math.max(bottomRight.x(), bottomLeft.x()));
  }

  double top() {
    return Math.min(Math.min(topLeft.y(), topRight.y()), Math.min(bottomRight.y(), bottomLeft.y()));
  }

  double bottom() {
    return Math.max(Math.max(topLeft.y(), topRight.y()), Math.max(bottomRight.y(), bottomLeft.y()));
  }

  /**
   * Whether {@code point} lies inside, by the even-odd rule; a point exactly on an edge may count
   * as either.
   */
  public boolean contains(Point point) {
    List<Point> corners = corners();
    boolean inside = false;
    for (int i = 0, j = 3; i < 4; j = i++) {
      Point a = corners.get(i);
      Point b = corners.get(j);
      if ((a.y() > point.y()) != (b.y() > point.y())
          && point.x() < (b.x() - a.x()) * (point.y() - a.y()) / (b.y() - a.y()) + a.x()) {
        inside = !inside;
      }
    }
    return inside;
  }

  /** Area in square pixels by the shoelace formula. */
  public double area() {
    List<Point> corners = corners();
    double twice = 0;
    for (int i = 0, j = 3; i < 4; j = i++) {
      twice += corners.get(j).x() * corners.get(i).y() - corners.get(i).x() * corners.get(j).y();
    }
    return Math.abs(twice) / 2;
  }
}
