package io.shelfmark.examples;

import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepState;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Runs of pipelines as lines of text. */
final class RunText {

  private RunText() {}

  /** {@code 340 ms}, {@code 2.1 s} or {@code 75 min}. */
  static String time(Duration time) {
    if (time.toMillis() < 1000) {
      return time.toMillis() + " ms";
    }
    return time.toMinutes() < 10
        ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
        : time.toMinutes() + " min";
  }

  static String step(String name, StepState state, String time, String rest) {
    return "  %-9s  %-24s %9s  %s".formatted(state, name, time, rest);
  }

  /** One line: the run, its state, how long it took and what became of its steps. */
  static String line(RunRecord run) {
    String time =
        run.endedAt().map(end -> " in " + time(Duration.between(run.startedAt(), end))).orElse("");
    Map<StepState, Long> states =
        run.steps().stream()
            .collect(Collectors.groupingBy(StepRecord::state, TreeMap::new, Collectors.counting()));
    String steps =
        states.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    return "run %s of %s: %s%s; steps: %s"
        .formatted(run.id(), run.pipeline(), run.state(), time, steps);
  }

  /** Everything: parameters, and each step with its time, what it gave or why it did not. */
  static String whole(RunRecord run) {
    StringBuilder text = new StringBuilder(line(run)).append('\n');
    text.append("  started ").append(run.startedAt()).append('\n');
    new TreeMap<>(run.parameters())
        .forEach((name, value) -> text.append("  %s = %s%n".formatted(name, value)));
    for (StepRecord step : run.steps()) {
      text.append(step(step.name(), step.state(), duration(step), rest(step)).stripTrailing())
          .append('\n');
    }
    run.failure().ifPresent(failure -> text.append("  ").append(failure).append('\n'));
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  private static String duration(StepRecord step) {
    return step.attempts().stream()
        .map(StepRecord.Attempt::duration)
        .flatMap(Optional::stream)
        .reduce(Duration::plus)
        .map(RunText::time)
        .orElse("");
  }

  private static String rest(StepRecord step) {
    String attempts = step.attempts().size() > 1 ? step.attempts().size() + " attempts  " : "";
    String from =
        step.result().flatMap(result -> result.cachedFrom()).map(run -> "from " + run).orElse("");
    String versions =
        step.result()
            .filter(result -> !result.versions().isEmpty())
            .map(result -> result.versions().toString() + " ")
            .orElse("");
    return attempts + step.failure().orElse(versions + from);
  }
}
