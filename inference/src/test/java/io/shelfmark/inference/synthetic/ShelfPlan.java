package io.shelfmark.inference.synthetic;

import java.util.ArrayList;
import java.util.List;

/**
 * Where rails and tags go, before any perspective.
 *
 * @param rails rails from top to bottom
 * @param places tags' places on them
 */
record ShelfPlan(List<Rail> rails, List<Place> places) {

  /** A rail's upper edge and thickness in pixels. */
  record Rail(double y, double thickness) {}

  /** A tag's upper left corner, its height, and the width it may take (0: any). */
  record Place(double x, double y, double height, double room) {}

  static ShelfPlan closeUp(Dice dice, int width, int height) {
    double tagHeight = dice.real(0.2, 0.56) * Math.min(width, height * 0.75);
    double y = height * dice.real(0.25, 0.72) - tagHeight / 2;
    double x = Math.max(-0.15 * tagHeight, width * dice.real(0.3, 0.7) - tagHeight);
    List<Place> places = new ArrayList<>();
    places.add(new Place(x, y, tagHeight, 0));
    List<Rail> rails = new ArrayList<>();
    double overlap = dice.real(1.02, 1.35);
    rails.add(new Rail(y - tagHeight * (overlap - 1) / 2, tagHeight * overlap));
    if (dice.chance(0.45)) {
      places.add(
          new Place(
              x + tagHeight * dice.real(2.5, 3),
              y + dice.bell() * 3,
              tagHeight * dice.real(0.9, 1.1),
              0));
    }
    if (dice.chance(0.3)) {
      places.add(
          new Place(
              x - tagHeight * dice.real(2.1, 2.9),
              y + dice.bell() * 3,
              tagHeight * dice.real(0.9, 1.1),
              0));
    }
    return new ShelfPlan(rails, places);
  }

  /** One tag as large as the frame allows. */
  static ShelfPlan filling(Dice dice, int width, int height) {
    double tagHeight = height * dice.real(0.7, 0.94);
    double y = (height - tagHeight) * dice.real(0.2, 0.8);
    double x = width * dice.real(0, 0.06);
    return new ShelfPlan(
        List.of(new Rail(y - 0.05 * tagHeight, tagHeight * 1.1)),
        List.of(new Place(x, y, tagHeight, width * dice.real(0.88, 1))));
  }

  static ShelfPlan shelf(Dice dice, int width, int height) {
    double tagHeight = dice.real(0.045, 0.11) * Math.min(width, height);
    List<Rail> rails = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    double y = height * dice.real(0.05, 0.3);
    while (y < height * 0.97 && places.size() < 30) {
      rails.add(new Rail(y, tagHeight * dice.real(1.05, 1.4)));
      double x = -tagHeight * dice.real(0, 2.5);
      boolean dense = dice.chance(0.5);
      while (x < width && places.size() < 34) {
        if (dense || dice.chance(0.7)) {
          places.add(
              new Place(
                  x, y + tagHeight * dice.real(0.02, 0.1), tagHeight * dice.real(0.92, 1.05), 0));
        }
        x += tagHeight * (dense ? dice.real(2.05, 2.6) : dice.real(2.4, 4.5));
      }
      y += tagHeight * dice.real(3, 7.5);
    }
    return new ShelfPlan(rails, places);
  }

  /** Exactly so many tags, each wholly inside the frame and apart from the others. */
  static ShelfPlan exactly(Dice dice, int width, int height, int tags) {
    int columns = Math.max(1, (int) Math.ceil(Math.sqrt(tags * (double) width / height / 1.1)));
    int rows = (tags + columns - 1) / columns;
    double cellWidth = width / (columns + 0.5);
    double cellHeight = height / (rows + 0.3);
    double tagHeight = Math.min(cellWidth / 2.4, cellHeight * 0.42);
    List<Rail> rails = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      double y = cellHeight * (row + 0.95) - tagHeight;
      rails.add(new Rail(y - tagHeight * 0.06, tagHeight * 1.15));
      for (int column = 0; column < columns && places.size() < tags; column++) {
        places.add(
            new Place(
                cellWidth * (column + 0.3) + dice.bell() * cellWidth * 0.01,
                y,
                tagHeight,
                cellWidth * 0.92));
      }
    }
    return new ShelfPlan(rails, places);
  }
}
