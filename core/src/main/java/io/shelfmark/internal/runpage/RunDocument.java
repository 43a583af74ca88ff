package io.shelfmark.internal.runpage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.pipeline.RunLineage;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The page of a run as one file that needs no other. Its own script is the only one that its policy
 * lets run. Used once; not thread-safe.
 */
public final class RunDocument {

  private static final int MOST_FAILURES = 8;
  private static final int MOST_OF_A_PARAMETER = 2000;

  private final RunRecord run;
  private final List<Row> rows;
  private final boolean wired;
  private final Logs logs;
  private final Markup html = new Markup();

  private RunDocument(RunRecord run, List<Row> rows, boolean wired, Logs logs) {
    this.run = run;
    this.rows = rows;
    this.wired = wired;
    this.logs = logs;
  }

  /**
   * Draws the page.
   *
   * @param graph the steps in order, each after those that it takes from; empty when the graph that
   *     the run began with is not at hand
   * @param lineage which versions they took and gave, when that is known
   * @param logs gives the log of a step by its name
   */
  public static String of(
      RunRecord run,
      List<StepShape> graph,
      Optional<RunLineage> lineage,
      UnaryOperator<String> logs) {
    List<Row> rows = Rows.of(run, graph, lineage);
    return new RunDocument(run, rows, !graph.isEmpty(), new Logs(logs)).write().toString();
  }

  private Markup write() {
    String script = resource("page.js");
    html.add("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.add(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'\">",
        sha256(script));
    html.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html.add("<meta name=\"color-scheme\" content=\"light dark\">");
    html.add("<title>%s · %s</title><style>\n", run.pipeline(), run.id());
    html.add(resource("page.css")).add("</style></head><body>").add(resource("signs.svg"));
    html.add("<header>");
    head();
    totals();
    html.add("</header><main>");
    failures();
    graph();
    GanttSvg.of(run, rows).ifPresent(this::time);
    parameters();
    html.add(
        "<section id=\"steps\"><h2>Steps <span class=\"muted\">%s</span></h2>",
        Words.count(rows.size()));
    html.add(StepTable.of(rows, run.startedAt(), logs)).add("</section></main>");
    return html.add("<script>").add(script).add("</script></body></html>\n");
  }

  private void head() {
    String style = Words.style(Words.asStep(run.state()));
    html.add(
        "<h1>%s <span class=\"badge %s\"><svg class=\"i\"><use href=\"#i-%s\"/></svg>%s</span></h1>",
        run.pipeline(), style, style, Words.of(run.state()));
    html.add(
        "<p class=\"muted\">Run <code>%s</code> · began %s%s · graph <code title=\"%s\">%s</code></p>",
        run.id(),
        Words.time(run.startedAt()),
        run.endedAt().map(end -> " · ended " + Words.time(end)).orElse(""),
        run.graph(),
        run.graph().hex().substring(0, 12));
  }

  private void totals() {
    Map<StepState, Long> states =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    Row::state, () -> new EnumMap<>(StepState.class), Collectors.counting()));
    List<StepRecord> elements = rows.stream().flatMap(row -> row.elements().stream()).toList();
    Duration work =
        rows.stream()
            .flatMap(Row::attempts)
            .flatMap(attempt -> attempt.duration().stream())
            .reduce(Duration.ZERO, Duration::plus);
    html.add("<dl class=\"totals\">");
    run.endedAt().ifPresent(end -> total("took", Words.duration(between(run.startedAt(), end))));
    total("steps", Words.of(states));
    if (!elements.isEmpty()) {
      total("elements", Words.of(Words.tally(elements)));
    }
    long calls = rows.stream().flatMap(Row::attempts).count();
    long retries = rows.stream().mapToLong(Row::retries).sum();
    total(
        "attempts",
        Words.count(calls)
            + (retries == 0 ? "" : ", " + Words.count(retries) + " of them retries"));
    total("time in attempts", Words.duration(work));
    html.add("</dl>");
  }

  private static Duration between(Instant from, Instant to) {
    return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
  }

  private void total(String what, String value) {
    html.add("<div><dt>%s</dt><dd>%s</dd></div>", what, value);
  }

  private void failures() {
    List<Row> failed = rows.stream().filter(row -> row.state() == StepState.FAILED).toList();
    if (failed.isEmpty() && run.failure().isEmpty()) {
      return;
    }
    html.add("<section id=\"why\"><h2>Why it did not succeed</h2>");
    run.failure().ifPresent(why -> html.add("<p>%s</p>", Words.shortened(why, 1000)));
    html.add("<ul>");
    for (Row row : failed.stream().limit(MOST_FAILURES).toList()) {
      html.add(
          "<li><a href=\"#%s\">%s</a> <code>%s</code></li>",
          row.anchor(), row.name(), Words.shortened(reason(row), 400));
    }
    html.add("</ul>");
    if (failed.size() > MOST_FAILURES) {
      html.add("<p class=\"muted\">and %s more</p>", failed.size() - MOST_FAILURES);
    }
    html.add("</section>");
  }

  /** Of a fan-out, with what the first of its elements failed for. */
  private static String reason(Row row) {
    String own = row.record().flatMap(StepRecord::failure).orElse("");
    return row.elements().stream()
        .filter(element -> element.state() == StepState.FAILED)
        .findFirst()
        .map(first -> own + "; " + first.name() + ": " + first.failure().orElse(""))
        .orElse(own);
  }

  private void graph() {
    html.add("<section id=\"graph\"><h2>Graph <button id=\"fit\" hidden>Fit</button></h2>");
    Optional<Markup> drawing = wired ? GraphSvg.of(rows) : Optional.empty();
    if (drawing.isPresent()) {
      html.add("<div class=\"scroll\">").add(drawing.get()).add("</div>");
    } else {
      html.add(
          "<p class=\"muted\">%s</p>",
          wired
              ? Words.count(rows.size()) + " steps are too many to be drawn; they are listed below."
              : "It is not drawn: the graph that the run began with was not at hand.");
    }
    html.add("</section>");
  }

  private void time(Markup chart) {
    html.add("<section id=\"time\"><h2>Time</h2>").add(chart);
    html.add(
        "<p class=\"key muted\"><span class=\"k wait\"></span>waits <span class=\"k done\"></span>done <span class=\"k failed\"></span>failed <span class=\"k retry\"></span>waits to be retried <span class=\"k cached\"></span>cached</p>");
    if (rows.stream().anyMatch(Row::isFanOut)) {
      html.add("<p class=\"key muted\">Of a fan-out: how many elements were at work.</p>");
    }
    html.add("</section>");
  }

  private void parameters() {
    if (run.parameters().isEmpty()) {
      return;
    }
    html.add("<section id=\"parameters\"><h2>Parameters</h2><table>");
    run.parameters().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry ->
                html.add(
                    "<tr><th>%s<td><code>%s</code></tr>",
                    entry.getKey(), Words.shortened(entry.getValue(), MOST_OF_A_PARAMETER)));
    html.add("</table></section>");
  }

  private static String resource(String name) {
    try (InputStream stream = RunDocument.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(stream, name).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name + " of this library", e);
    }
  }

  private static String sha256(String script) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
