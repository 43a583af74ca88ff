package io.shelfmark.internal.runpage;

import static io.shelfmark.internal.runpage.Markup.number;

import io.shelfmark.internal.runpage.LayeredLayout.Place;
import io.shelfmark.internal.runpage.LayeredLayout.Wire;
import io.shelfmark.pipeline.StepState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A graph as a drawing: from left to right, or from the top down where that is less wide. Used
 * once; not thread-safe.
 */
final class GraphSvg {

  /** Beyond it a drawing says nothing, and the table says it all. */
  static final int MOST_STEPS = 400;

  private static final int WIDTH = 188;
  private static final int HEIGHT = 46;
  private static final int MARGIN = 14;
  private static final int SCREEN = 1320;

  /** Characters of a name that fit into a box. */
  private static final int NAME = 23;

  private final List<Row> rows;
  private final List<Wire> wires = new ArrayList<>();
  private final List<Boolean> conditional = new ArrayList<>();
  private final LayeredLayout.Result layout;
  private final boolean downwards;
  private final Markup svg = new Markup();

  private GraphSvg(List<Row> rows) {
    this.rows = rows;
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      places.put(rows.get(i).name(), i);
    }
    for (int i = 0; i < rows.size(); i++) {
      wire(rows.get(i).shape().takes(), i, places, false);
      wire(rows.get(i).shape().conditions(), i, places, true);
    }
    layout = LayeredLayout.of(rows.size(), wires);
    double across = layout.layers() * (WIDTH + 56.0);
    downwards = across > SCREEN && layout.width() * (WIDTH + 22) < across;
  }

  /** The drawing, unless there are too many steps, or no wires are known. */
  static Optional<Markup> of(List<Row> rows) {
    return rows.isEmpty() || rows.size() > MOST_STEPS
        ? Optional.empty()
        : Optional.of(new GraphSvg(rows).draw());
  }

  private void wire(List<String> from, int to, Map<String, Integer> places, boolean condition) {
    for (String name : from) {
      Integer place = places.get(name);
      if (place != null && place < to) {
        wires.add(new Wire(place, to));
        conditional.add(condition);
      }
    }
  }

  private double x(Place place) {
    return MARGIN + (downwards ? place.position() * (WIDTH + 22) : place.layer() * (WIDTH + 56.0));
  }

  private double y(Place place) {
    return MARGIN
        + (downwards ? place.layer() * (HEIGHT + 34.0) : place.position() * (HEIGHT + 20));
  }

  private Markup draw() {
    Place corner = new Place(layout.layers() - 1, layout.width() - 1);
    String width = number(x(corner) + WIDTH + MARGIN + 6);
    String height = number(y(corner) + HEIGHT + MARGIN + 6);
    svg.add(
        "<svg class=\"graph\" role=\"img\" aria-label=\"The steps and what they take from each other\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\">",
        width, height, width, height);
    for (int i = 0; i < wires.size(); i++) {
      draw(wires.get(i), layout.wires().get(i), conditional.get(i));
    }
    for (int i = 0; i < rows.size(); i++) {
      draw(rows.get(i), layout.nodes().get(i));
    }
    return svg.add("</svg>");
  }

  private void draw(Wire wire, List<Place> way, boolean condition) {
    StringBuilder path = new StringBuilder();
    double lastX = 0;
    double lastY = 0;
    for (int i = 0; i < way.size(); i++) {
      double x = x(way.get(i)) + (downwards ? WIDTH / 2.0 : i == 0 ? WIDTH : 0);
      double y = y(way.get(i)) + (downwards ? i == 0 ? HEIGHT : 0 : HEIGHT / 2.0);
      if (i == 0) {
        path.append("M").append(number(x)).append(' ').append(number(y));
      } else {
        bend(path, lastX, lastY, x, y);
      }
      if (i > 0 && i < way.size() - 1) {
        // through the whole layer, beside its boxes
        x += downwards ? 0 : WIDTH;
        y += downwards ? HEIGHT : 0;
        path.append("L").append(number(x)).append(' ').append(number(y));
      }
      lastX = x;
      lastY = y;
    }
    svg.add(
        condition
            ? "<path class=\"w if\" data-a=\"%s\" data-b=\"%s\" marker-end=\"url(#arrow)\" d=\"%s\"/>"
            : "<path class=\"w\" data-a=\"%s\" data-b=\"%s\" marker-end=\"url(#arrow)\" d=\"%s\"/>",
        wire.from(),
        wire.to(),
        path);
  }

  private void bend(StringBuilder path, double x1, double y1, double x2, double y2) {
    double middleX = (x1 + x2) / 2;
    double middleY = (y1 + y2) / 2;
    path.append("C")
        .append(number(downwards ? x1 : middleX))
        .append(' ')
        .append(number(downwards ? middleY : y1))
        .append(' ')
        .append(number(downwards ? x2 : middleX))
        .append(' ')
        .append(number(downwards ? middleY : y2))
        .append(' ')
        .append(number(x2))
        .append(' ')
        .append(number(y2));
  }

  private void draw(Row row, Place place) {
    svg.add(
        "<a class=\"n %s\" data-n=\"%s\" href=\"#%s\" transform=\"translate(%s %s)\"><title>%s</title>",
        Words.style(row.state()),
        row.index(),
        row.anchor(),
        number(x(place)),
        number(y(place)),
        row.name() + ": " + line(row));
    String box = "<rect%s width=\"" + WIDTH + "\" height=\"" + HEIGHT + "\" rx=\"6\"/>";
    if (row.isFanOut()) {
      svg.add(box, "").add("<g transform=\"translate(-3 -3)\">");
      svg.add(box.replace("%s", " class=\"front\""));
    } else {
      svg.add(box, "");
    }
    svg.add("<rect class=\"edge\" width=\"5\" height=\"" + HEIGHT + "\" rx=\"2\"/>");
    svg.add(
        "<use href=\"#i-%s\" x=\"13\" y=\"25\" width=\"13\" height=\"13\"/>",
        Words.style(row.state()));
    name(row.name());
    svg.add("<text class=\"sub\" x=\"31\" y=\"36\">%s</text>", line(row));
    if (!row.elements().isEmpty()) {
      bar(row);
    }
    svg.add(row.isFanOut() ? "</g></a>" : "</a>");
  }

  /** The last part of a name stands out from those of the sub-pipelines it is in. */
  private void name(String name) {
    int at = name.lastIndexOf('/') + 1;
    String last = Words.shortened(name.substring(at), NAME);
    String prefix = name.substring(0, at);
    if (prefix.length() + last.length() > NAME) {
      prefix = prefix.isEmpty() ? "" : "…/";
    }
    if (prefix.length() + last.length() > NAME) {
      last = Words.shortened(last, NAME - prefix.length());
    }
    svg.add(
        "<text class=\"name\" x=\"13\" y=\"18\"><tspan class=\"pre\">%s</tspan>%s</text>",
        prefix, last);
  }

  /** What is said below the name. */
  private static String line(Row row) {
    if (!row.elements().isEmpty()) {
      return Words.of(Words.tally(row.elements()));
    }
    StringBuilder line = new StringBuilder();
    boolean took = row.state() == StepState.SUCCEEDED && row.duration().isPresent();
    line.append(
        took ? Words.duration(row.duration().orElse(Duration.ZERO)) : Words.of(row.state()));
    long calls = row.attempts().count();
    if (calls > 1) {
      line.append(" · ").append(calls).append(" attempts");
    }
    if (row.shape().kind() == StepShape.Kind.SUB_PIPELINE) {
      line.append(" · pipeline");
    }
    return line.toString();
  }

  /** The shares of the elements' states; what failed is seen, however little it is. */
  private void bar(Row row) {
    double room = WIDTH - 5.0;
    Map<StepState, Long> parts = Words.tally(row.elements());
    Map<StepState, Double> lengths = new EnumMap<>(StepState.class);
    parts.forEach(
        (state, count) -> lengths.put(state, Math.max(4, room * count / row.elements().size())));
    double tooMuch = lengths.values().stream().mapToDouble(length -> length).sum() - room;
    StepState most = Collections.max(lengths.entrySet(), Map.Entry.comparingByValue()).getKey();
    lengths.merge(most, -tooMuch, Double::sum);
    double at = 5;
    for (Map.Entry<StepState, Double> part : lengths.entrySet()) {
      svg.add(
          "<rect class=\"part %s\" x=\"%s\" y=\"" + (HEIGHT - 4) + "\" width=\"%s\" height=\"4\"/>",
          Words.style(part.getKey()),
          number(at),
          number(part.getValue()));
      at += part.getValue();
    }
  }
}
