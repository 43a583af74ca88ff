package io.shelfmark.internal.runpage;

import static io.shelfmark.internal.runpage.Markup.number;

import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepRecord.Attempt;
import io.shelfmark.pipeline.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When the attempts of a run began and ended: a line for each step, on which the elements of a
 * fan-out are a curve of how many were at work. Used once; not thread-safe.
 */
final class GanttSvg {

  /** Lines of the chart; the longest steps have them where there are more. */
  static final int MOST_LINES = 400;

  private static final int LINE = 24;
  private static final int WIDTH = 1000;
  private static final int PIECES = 250;

  /** The distances between ticks, in seconds. */
  private static final double[] TICKS = {
    .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800,
    3600, 7200, 14_400, 28_800, 43_200, 86_400, 172_800, 604_800
  };

  private final List<Row> rows;
  private final Instant begin;
  private final double seconds;
  private final Map<String, Instant> settled = new HashMap<>();
  private final Markup svg = new Markup();

  private GanttSvg(RunRecord run, List<Row> all) {
    begin = run.startedAt();
    Instant end =
        all.stream()
            .flatMap(Row::attempts)
            .flatMap(
                attempt ->
                    List.of(attempt.startedAt(), attempt.endedAt().orElse(attempt.startedAt()))
                        .stream())
            .max(Comparator.naturalOrder())
            .orElse(begin);
    end = run.endedAt().filter(end::isBefore).orElse(end);
    seconds = Math.max(1e-6, seconds(begin, end)) * (run.state() == RunState.RUNNING ? 1.02 : 1);
    settle(all);
    List<Row> chosen =
        all.stream()
            .filter(row -> row.startedAt().isPresent() || row.state() == StepState.CACHED)
            .toList();
    rows =
        chosen.size() <= MOST_LINES
            ? chosen
            : chosen.stream()
                .sorted(Comparator.comparing(GanttSvg::length).reversed())
                .limit(MOST_LINES)
                .sorted(Comparator.comparingInt(Row::index))
                .toList();
  }

  private static Duration length(Row row) {
    return row.duration().orElse(Duration.ZERO);
  }

  /** The chart, with the labels of its lines; empty when nothing began. */
  static Optional<Markup> of(RunRecord run, List<Row> rows) {
    GanttSvg chart = new GanttSvg(run, rows);
    return chart.rows.isEmpty() ? Optional.empty() : Optional.of(chart.draw());
  }

  /** When each step had its result, as far as it is on record: of a cached one, at the earliest. */
  private void settle(List<Row> all) {
    for (Row row : all) {
      Instant ready = ready(row);
      settled.put(row.name(), row.endedAt().filter(ready::isBefore).orElse(ready));
    }
  }

  private Instant ready(Row row) {
    Instant ready = begin;
    for (List<String> from : List.of(row.shape().takes(), row.shape().conditions())) {
      for (String name : from) {
        Instant end = settled.getOrDefault(name, begin);
        ready = end.isAfter(ready) ? end : ready;
      }
    }
    return ready;
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }

  private double x(Instant time) {
    return Math.max(0, Math.min(WIDTH, seconds(begin, time) / seconds * WIDTH));
  }

  private Markup draw() {
    Markup chart = new Markup().add("<div class=\"gantt\"><div class=\"labels\">");
    chart.add("<div class=\"axis\"></div>");
    for (Row row : rows) {
      chart.add(
          "<a class=\"%s\" href=\"#%s\" title=\"%s\"><svg class=\"i\"><use href=\"#i-%s\"/></svg><span>%s</span></a>",
          Words.style(row.state()), row.anchor(), row.name(), Words.style(row.state()), row.name());
    }
    chart.add("</div><div class=\"plot\"><div class=\"axis\">");
    int height = rows.size() * LINE;
    svg.add(
        "<svg role=\"img\" aria-label=\"When each step ran\" height=\"%s\" viewBox=\"0 0 "
            + WIDTH
            + " %s\" preserveAspectRatio=\"none\">",
        height,
        height);
    double tick = tick();
    for (int i = 0; i * tick <= seconds; i++) {
      double at = i * tick / seconds * WIDTH;
      svg.add("<path class=\"t\" d=\"M%s 0V%s\"/>", number(at), height);
      chart.add(
          "<span style=\"left:%s%\">%s</span>", number(at / WIDTH * 100), label(i * tick, tick));
    }
    for (int i = 0; i < rows.size(); i++) {
      draw(rows.get(i), i * LINE);
    }
    return chart.add("</div>").add(svg.add("</svg>")).add("</div></div>");
  }

  private double tick() {
    for (double tick : TICKS) {
      if (seconds / tick <= 10) {
        return tick;
      }
    }
    return seconds / 10;
  }

  private static String label(double at, double tick) {
    Duration time = Duration.ofNanos(Math.round(at * 1e9));
    if (at == 0) {
      return "0";
    }
    if (tick < 1 && at < 60) {
      return at < 1 ? Math.round(at * 1000) + " ms" : number(Math.round(at * 1000) / 1000.0) + " s";
    }
    return at < 60
        ? number(at) + " s"
        : tick % 60 == 0 && at < 3600 ? time.toMinutes() + " min" : Words.duration(time);
  }

  private void draw(Row row, int top) {
    Optional<Instant> start = row.startedAt();
    Instant ready = ready(row);
    if (start.isEmpty()) {
      mark(row, x(ready), top);
      return;
    }
    if (ready.isBefore(start.get())) {
      Duration wait = Duration.between(ready, start.get());
      line("wait", "waited " + Words.duration(wait), x(ready), x(start.get()), top);
    }
    if (row.elements().isEmpty()) {
      row.record().ifPresent(step -> attempts(step, top));
    } else {
      curve(row, top);
    }
  }

  private void attempts(StepRecord step, int top) {
    List<Attempt> attempts = step.attempts();
    for (int i = 0; i < attempts.size(); i++) {
      Attempt attempt = attempts.get(i);
      Optional<Instant> next = attempts.stream().skip(i + 1L).findFirst().map(Attempt::startedAt);
      boolean lost = isLost(step, attempt, next);
      double from = x(attempt.startedAt());
      double to = attempt.endedAt().or(() -> next).map(this::x).orElse((double) WIDTH);
      bar(lost ? "lost" : style(step, attempt), describe(attempt, lost), from, to, top);
      if (next.isPresent() && attempt.endedAt().isPresent()) {
        Duration wait = Duration.between(attempt.endedAt().get(), next.get());
        line("retry", "retried after " + Words.duration(wait), to, x(next.get()), top);
      }
    }
  }

  /** Whether its process ended before it did. */
  private static boolean isLost(StepRecord step, Attempt attempt, Optional<Instant> next) {
    boolean goesOn = step.state() == StepState.RUNNING && next.isEmpty();
    return attempt.endedAt().isEmpty() && !goesOn;
  }

  private static String style(StepRecord step, Attempt attempt) {
    if (attempt.failure().isPresent()) {
      return step.state() == StepState.CANCELLED ? "cancelled" : "failed";
    }
    return Words.style(step.state());
  }

  private static String describe(Attempt attempt, boolean lost) {
    return "attempt "
        + attempt.number()
        + attempt
            .duration()
            .map(time -> ", " + Words.duration(time))
            .orElse(lost ? ", its process ended" : ", goes on")
        + attempt.failure().map(why -> ": " + Words.shortened(why, 200)).orElse("");
  }

  private void bar(String style, String title, double from, double to, int top) {
    svg.add(
        "<rect class=\"b %s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"><title>%s</title></rect>",
        style, number(from), top + 4, number(Math.max(2, to - from)), LINE - 8, title);
  }

  private void line(String style, String title, double from, double to, int top) {
    if (to - from >= 0.5) {
      svg.add(
          "<path class=\"%s\" d=\"M%s %sH%s\"><title>%s</title></path>",
          style, number(from), top + LINE / 2, number(to), title);
    }
  }

  /** A cached step took no time that is on record. */
  private void mark(Row row, double at, int top) {
    svg.add(
        "<rect class=\"b %s mark\" x=\"%s\" y=\"%s\" width=\"4\" height=\"%s\"><title>%s</title></rect>",
        Words.style(row.state()),
        number(Math.min(at, WIDTH - 4)),
        top + 4,
        LINE - 8,
        "taken from an earlier run");
  }

  /** How many of a fan-out's elements were at work, on average over each piece of the time. */
  private void curve(Row row, int top) {
    double[] busy = new double[PIECES];
    double[] failing = new double[PIECES];
    for (StepRecord element : row.elements()) {
      boolean failed = element.state() == StepState.FAILED;
      for (Attempt attempt : element.attempts()) {
        double from = x(attempt.startedAt()) / WIDTH * PIECES;
        double to = attempt.endedAt().map(this::x).orElse((double) WIDTH) / WIDTH * PIECES;
        add(busy, from, to);
        if (failed) {
          add(failing, from, to);
        }
      }
    }
    double most = 0;
    for (double piece : busy) {
      most = Math.max(most, piece);
    }
    String title =
        "%s, up to %s at once"
            .formatted(Words.of(Words.tally(row.elements())), number(Math.ceil(most)));
    area(row.state() == StepState.RUNNING ? "running" : "done", busy, most, 1.5, top, title);
    area("failed", failing, most, 6, top, title); // seen, however few they are
  }

  private static void add(double[] pieces, double from, double to) {
    for (int i = (int) from; i < pieces.length && i < to; i++) {
      pieces[i] += Math.min(to, i + 1) - Math.max(from, i);
    }
  }

  private void area(
      String style, double[] pieces, double most, double least, int top, String title) {
    List<String> path = new ArrayList<>();
    int bottom = top + LINE - 3;
    double scale = most == 0 ? 0 : (LINE - 6) / most;
    boolean open = false;
    for (int i = 0; i < pieces.length; i++) {
      double height = pieces[i] == 0 ? 0 : Math.max(least, pieces[i] * scale);
      double x = (double) i * WIDTH / PIECES;
      if (height > 0) {
        path.add((open ? "V" : "M" + number(x) + " " + bottom + "V") + number(bottom - height));
        path.add("H" + number(x + (double) WIDTH / PIECES));
      } else if (open) {
        path.add("V" + bottom + "Z");
      }
      open = height > 0;
    }
    if (open) {
      path.add("V" + bottom + "Z");
    }
    if (!path.isEmpty()) {
      svg.add(
          "<path class=\"b %s\" d=\"%s\"><title>%s</title></path>",
          style, String.join("", path), title);
    }
  }
}
