package io.shelfmark.internal.runpage;

import io.shelfmark.pipeline.RunLineage.StepLineage;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepResult;
import io.shelfmark.pipeline.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A line for each step, with more behind it. Used once; not thread-safe. */
final class StepTable {

  /** Lines of the table: failed steps are there before others. */
  static final int MOST_LINES = 1000;

  private final List<Row> rows;
  private final Instant begin;
  private final Logs logs;
  private final Markup html = new Markup();

  private StepTable(List<Row> rows, Instant begin, Logs logs) {
    this.rows = rows;
    this.begin = begin;
    this.logs = logs;
  }

  static Markup of(List<Row> rows, Instant begin, Logs logs) {
    return new StepTable(rows, begin, logs).write();
  }

  private Markup write() {
    List<Row> urgent =
        rows.stream()
            .sorted(Comparator.comparing(row -> row.state() == StepState.FAILED ? 0 : 1))
            .limit(MOST_LINES)
            .toList();
    Map<Integer, Markup> details = new HashMap<>();
    // the logs of failed steps first: there may not be room for all
    urgent.forEach(row -> details.put(row.index(), StepDetails.of(row, logs)));
    tools();
    html.add(
        "<div class=\"steps\"><div class=\"line head\" aria-hidden=\"true\"><span>State</span><span>Step</span><span class=\"r\">Began</span><span class=\"r\">Took</span><span class=\"r\">Attempts</span><span>Result</span></div>");
    for (Row row : rows) {
      Markup behind = details.get(row.index());
      if (behind != null) {
        line(row, behind);
      }
    }
    html.add("</div>");
    if (rows.size() > MOST_LINES) {
      html.add(
          "<p class=\"muted\">%s more steps are left out of this page.</p>",
          Words.count(rows.size() - MOST_LINES));
    }
    return html;
  }

  private void tools() {
    html.add(
        "<div class=\"tools\"><input id=\"q\" type=\"search\" placeholder=\"Filter by name, failure or version\" aria-label=\"Filter the steps\">");
    Map<String, Integer> states = new TreeMap<>();
    rows.forEach(row -> states.merge(Words.style(row.state()), 1, Integer::sum));
    if (states.size() > 1) {
      states.forEach(
          (state, count) ->
              html.add(
                  "<button class=\"chip %s\" data-state=\"%s\" aria-pressed=\"false\"><svg class=\"i\"><use href=\"#i-%s\"/></svg>%s %s</button>",
                  state, state, state, state.equals("off") ? "not run" : state, count));
    }
    html.add(
        "<button id=\"open\">Open all</button><span id=\"none\" hidden>No step is like that.</span></div>");
  }

  private void line(Row row, Markup behind) {
    String style = Words.style(row.state());
    html.add(
        "<details class=\"step %s\" id=\"%s\" data-state=\"%s\" data-words=\"%s\"><summary class=\"line\">",
        style,
        row.anchor(),
        style,
        (row.name() + " " + StepDetails.words(row)).toLowerCase(Locale.ROOT));
    html.add(
        "<span class=\"state\"><svg class=\"i\"><use href=\"#i-%s\"/></svg>%s</span><span class=\"what\">%s</span>",
        style, Words.of(row.state()), row.name());
    html.add(
        "<span class=\"r\">%s</span><span class=\"r\">%s</span><span class=\"r\">%s</span><span class=\"short\">%s</span>",
        row.startedAt().map(start -> "+" + Words.duration(since(start))).orElse(""),
        row.duration().map(Words::duration).orElse(""),
        calls(row),
        brief(row));
    html.add("</summary><div class=\"behind\">").add(behind).add("</div></details>");
  }

  private Duration since(Instant start) {
    return start.isBefore(begin) ? Duration.ZERO : Duration.between(begin, start);
  }

  private static String calls(Row row) {
    long calls = row.attempts().count();
    return calls == 0 ? "" : Words.count(calls);
  }

  private static String brief(Row row) {
    String elements = row.elements().isEmpty() ? "" : Words.of(Words.tally(row.elements()));
    if (row.state() == StepState.FAILED && elements.isEmpty()) {
      return row.record().flatMap(StepRecord::failure).map(why -> cut(why)).orElse("");
    }
    if (!elements.isEmpty()) {
      return elements;
    }
    String gave =
        row.lineage().map(StepLineage::gave).filter(list -> list.size() == 1).isPresent()
            ? row.lineage().orElseThrow().gave().get(0).toString()
            : "";
    return gave.isEmpty()
        ? row.record()
            .filter(step -> step.state() != StepState.SKIPPED)
            .flatMap(StepRecord::result)
            .map(StepResult::json)
            .map(StepTable::cut)
            .orElse("")
        : gave;
  }

  private static String cut(String text) {
    return text.length() > 120 ? text.substring(0, 119) + "…" : text;
  }
}
