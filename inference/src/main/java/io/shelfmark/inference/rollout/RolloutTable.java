package io.shelfmark.inference.rollout;

import io.shelfmark.inference.rollout.RolloutReport.CandidateFigures;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/** A rollout's figures as text. */
final class RolloutTable {

  private RolloutTable() {}

  static String of(RolloutReport report) {
    StringBuilder text = new StringBuilder();
    int width =
        Math.max(
            "version".length(),
            Math.max(
                report.current().version().length(),
                report.candidate().map(each -> each.canary().version().length()).orElse(0)));
    String row = "%-" + width + "s  %-14s %9s %7s %9s %9s %9s %6s %7s%n";
    text.append(
        row.formatted(
            "version", "role", "photos", "failed", "median", "p90", "p99", "tags", "priced"));
    append(text, row, "current", report.current());
    report.candidate().ifPresent(candidate -> append(text, row, candidate));
    if (report.draining() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%d older version%s not closed yet%n",
              report.draining(),
              report.draining() == 1 ? "" : "s"));
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String row, CandidateFigures candidate) {
    ShadowFigures shadow = candidate.shadow();
    append(text, row, "canary " + percent(candidate.canaryPercent()), candidate.canary());
    append(text, row, "shadow " + percent(shadow.percent()), shadow.figures());
    String fields =
        shadow.disagreements().entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.joining(", ", ": ", ""));
    text.append(
        String.format(
            Locale.ROOT,
            "shadow: %d of %d photos disagree, %d dropped%s%n",
            shadow.disagreeing(),
            shadow.figures().photos(),
            shadow.dropped(),
            shadow.disagreements().isEmpty() ? "" : fields));
  }

  private static void append(StringBuilder text, String row, String role, VersionFigures figures) {
    text.append(
        String.format(
            Locale.ROOT,
            row,
            figures.version(),
            role,
            figures.photos(),
            figures.failures(),
            milliseconds(figures.latency().median()),
            milliseconds(figures.latency().p90()),
            milliseconds(figures.latency().p99()),
            String.format(Locale.ROOT, "%.1f", figures.tagsPerPhoto()),
            String.format(Locale.ROOT, "%.1f%%", 100 * figures.pricedShare())));
  }

  private static String percent(double value) {
    return (value == Math.rint(value)
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, "%.2f", value))
        + " %";
  }

  private static String milliseconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
  }
}
