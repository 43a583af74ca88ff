package io.shelfmark.internal.runpage;

import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How states, times and counts read on the page. */
final class Words {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Words() {}

  static String of(StepState state) {
    return switch (state) {
      case WAITING -> "waiting";
      case RUNNING -> "running";
      case SUCCEEDED -> "done";
      case CACHED -> "cached";
      case SKIPPED -> "skipped";
      case FAILED -> "failed";
      case NOT_RUN -> "not run";
      case CANCELLED -> "cancelled";
    };
  }

  static String of(RunState state) {
    return switch (state) {
      case RUNNING -> "running";
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case CANCELLED -> "cancelled";
    };
  }

  /** A class of the style sheet, and part of the name of a sign. */
  static String style(StepState state) {
    return switch (state) {
      case WAITING -> "waiting";
      case RUNNING -> "running";
      case SUCCEEDED -> "done";
      case CACHED -> "cached";
      case SKIPPED, NOT_RUN -> "off";
      case FAILED -> "failed";
      case CANCELLED -> "cancelled";
    };
  }

  static StepState asStep(RunState state) {
    return switch (state) {
      case RUNNING -> StepState.RUNNING;
      case SUCCEEDED -> StepState.SUCCEEDED;
      case FAILED -> StepState.FAILED;
      case CANCELLED -> StepState.CANCELLED;
    };
  }

  /** How many of each state. */
  static Map<StepState, Long> tally(Collection<StepRecord> steps) {
    return steps.stream()
        .collect(
            Collectors.groupingBy(
                StepRecord::state, () -> new EnumMap<>(StepState.class), Collectors.counting()));
  }

  /** {@code 998 done, 2 failed}. */
  static String of(Map<StepState, Long> tally) {
    return tally.entrySet().stream()
        .map(entry -> count(entry.getValue()) + " " + of(entry.getKey()))
        .collect(Collectors.joining(", "));
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(",", "\u202f");
  }

  static String time(Instant time) {
    return TIME.format(time);
  }

  static String duration(Duration time) {
    long millis = time.toMillis();
    if (time.isZero()) {
      return "0";
    }
    if (millis < 1) {
      return time.toNanos() / 1000 + " µs";
    }
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    if (time.toHours() < 1) {
      return "%d min %02d s".formatted(time.toMinutes(), time.toSecondsPart());
    }
    return time.toDays() < 1
        ? "%d h %02d min".formatted(time.toHours(), time.toMinutesPart())
        : "%d d %02d h".formatted(time.toDays(), time.toHoursPart());
  }

  static String bytes(long bytes) {
    return bytes < 1024
        ? bytes + " B"
        : bytes < 1 << 20
            ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
            : String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024));
  }

  /** A text of at most some characters, without its middle where it is longer. */
  static String shortened(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int head = (limit - 1) * 2 / 3;
    return text.substring(0, head) + "…" + text.substring(text.length() - (limit - 1 - head));
  }
}
