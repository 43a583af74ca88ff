package io.shelfmark.internal.runpage;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepRecord.Attempt;
import io.shelfmark.pipeline.StepResult;
import io.shelfmark.pipeline.StepState;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is behind a line of the table of steps. Used once; not thread-safe. */
final class StepDetails {

  /** Elements of a fan-out that are shown: failed ones, then those that took longest. */
  static final int MOST_FAILED = 50;

  private static final int SLOWEST = 10;
  private static final int MOST_VERSIONS = 20;
  private static final int MOST_ATTEMPTS = 30;
  private static final int MOST_OF_A_RESULT = 4000;
  private static final int MOST_OF_A_FAILURE = 2000;

  private final Row row;
  private final Logs logs;
  private final Markup html = new Markup();

  private StepDetails(Row row, Logs logs) {
    this.row = row;
    this.logs = logs;
  }

  static Markup of(Row row, Logs logs) {
    return new StepDetails(row, logs).write();
  }

  private Markup write() {
    if (row.record().isEmpty() && row.elements().isEmpty()) {
      return html.add("<p class=\"muted\">It did not begin.</p>");
    }
    row.record().ifPresent(this::failure);
    versions();
    row.record().ifPresent(this::attempts);
    if (!row.elements().isEmpty()) {
      elements();
    }
    row.record().flatMap(StepRecord::result).ifPresent(this::result);
    if (row.elements().isEmpty()) {
      log(row.name());
    }
    return html;
  }

  private void failure(StepRecord step) {
    step.failure()
        .ifPresent(
            why ->
                html.add(
                    "<h4>Why it has no result</h4><pre class=\"why\">%s</pre>",
                    Words.shortened(why, MOST_OF_A_FAILURE)));
  }

  private void versions() {
    row.lineage()
        .ifPresent(
            edges -> {
              versions("Took", edges.took());
              versions("Gave", edges.gave());
            });
  }

  private void versions(String title, List<VersionRef> versions) {
    if (versions.isEmpty()) {
      return;
    }
    html.add("<h4>%s</h4><p class=\"refs\">", title);
    versions.stream()
        .limit(MOST_VERSIONS)
        .forEach(version -> html.add("<code>%s</code> ", version));
    more(versions.size() - MOST_VERSIONS);
    html.add("</p>");
  }

  private void more(int number) {
    if (number > 0) {
      html.add("<span class=\"muted\">and %s more</span>", Words.count(number));
    }
  }

  private void attempts(StepRecord step) {
    if (step.attempts().isEmpty()) {
      return;
    }
    html.add(
        "<h4>Attempts</h4><table><tr><th>No.<th>began<th class=\"r\">took<th>what came of it</tr>");
    step.attempts().stream().limit(MOST_ATTEMPTS).forEach(attempt -> attempt(step, attempt));
    html.add("</table>");
    more(step.attempts().size() - MOST_ATTEMPTS);
  }

  private void attempt(StepRecord step, Attempt attempt) {
    boolean last = attempt.number() == step.attempts().size();
    String end =
        attempt
            .failure()
            .map(why -> Words.shortened(why, 400))
            .orElseGet(
                () ->
                    attempt.endedAt().isPresent()
                        ? "a result"
                        : last && step.state() == StepState.RUNNING
                            ? "it goes on"
                            : "its process ended");
    html.add(
        "<tr><td>%s<td>%s<td class=\"r\">%s<td>%s</tr>",
        attempt.number(),
        Words.time(attempt.startedAt()),
        attempt.duration().map(Words::duration).orElse("–"),
        end);
  }

  private void result(StepResult result) {
    String from = result.cachedFrom().map(run -> ", taken from run " + run).orElse("");
    html.add(
        "<h4>Result<span class=\"muted\"> %s%s</span></h4><pre>%s</pre>",
        Words.bytes(result.json().length()),
        from,
        Words.shortened(result.json(), MOST_OF_A_RESULT));
  }

  private void log(String step) {
    logs.of(step)
        .ifPresent(
            log ->
                html.add(
                    (row.state() == StepState.FAILED && step.equals(row.name())
                            ? "<details class=\"log\" open><summary>"
                            : "<details class=\"log\"><summary>")
                        + "Log <span class=\"muted\">%s</span></summary><pre>%s</pre></details>",
                    size(log),
                    log.text()));
  }

  private static String size(Logs.Log log) {
    String all = Words.bytes(log.length());
    return log.text().isEmpty()
        ? "left out of this page"
        : log.text().length() < log.length() ? all + ", shown in part" : all;
  }

  private void elements() {
    List<StepRecord> all = row.elements();
    html.add(
        "<h4>Elements</h4><p>%s: %s.%s</p>",
        Words.count(all.size()), Words.of(Words.tally(all)), spread(all));
    List<StepRecord> failed =
        all.stream().filter(step -> step.state() == StepState.FAILED).limit(MOST_FAILED).toList();
    Set<StepRecord> shown = new TreeSet<>(Comparator.comparing(StepRecord::name));
    shown.addAll(failed);
    List<StepRecord> slowest =
        all.stream()
            .filter(step -> !shown.contains(step) && step.state() != StepState.FAILED)
            .sorted(Comparator.comparing(StepDetails::time).reversed())
            .limit(SLOWEST)
            .toList();
    elements("Failed", failed);
    elements("Longest", slowest);
    int leftOut = all.size() - failed.size() - slowest.size();
    if (leftOut > 0) {
      html.add("<p class=\"muted\">%s others are left out.</p>", Words.count(leftOut));
    }
  }

  private static Duration time(StepRecord step) {
    return step.attempts().stream()
        .flatMap(attempt -> attempt.duration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static String spread(Collection<StepRecord> elements) {
    List<Duration> times =
        elements.stream()
            .filter(step -> !step.attempts().isEmpty())
            .map(StepDetails::time)
            .sorted()
            .toList();
    if (times.isEmpty()) {
      return "";
    }
    Function<Double, String> at =
        share -> Words.duration(times.get((int) Math.ceil(share * times.size()) - 1));
    return " Half of them took up to %s, 95 of 100 up to %s, the longest %s."
        .formatted(at.apply(0.5), at.apply(0.95), at.apply(1.0));
  }

  private void elements(String title, List<StepRecord> elements) {
    if (elements.isEmpty()) {
      return;
    }
    html.add(
        "<table class=\"elements\"><tr><th>%s<th class=\"r\">attempts<th class=\"r\">took<th>what came of it</tr>",
        title);
    for (StepRecord element : elements) {
      String end =
          Stream.concat(element.failure().stream(), element.result().stream().map(StepResult::json))
              .map(text -> Words.shortened(text, 300))
              .findFirst()
              .orElse(Words.of(element.state()));
      html.add(
          "<tr class=\"%s\"><td>%s<td class=\"r\">%s<td class=\"r\">%s<td><code>%s</code>",
          Words.style(element.state()),
          element.name(),
          element.attempts().size(),
          Words.duration(time(element)),
          end);
      log(element.name());
      html.add("</tr>");
    }
    html.add("</table>");
  }

  /** What the filter finds a step by, beside its name. */
  static String words(Row row) {
    return Stream.of(
            row.record().flatMap(StepRecord::failure).map(why -> Words.shortened(why, 300)),
            row.lineage()
                .map(
                    edges ->
                        Stream.concat(edges.took().stream(), edges.gave().stream())
                            .limit(MOST_VERSIONS)
                            .map(VersionRef::toString)
                            .collect(Collectors.joining(" "))))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(" "));
  }
}
