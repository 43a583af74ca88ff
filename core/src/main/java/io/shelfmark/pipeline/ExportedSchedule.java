package io.shelfmark.pipeline;

import java.time.ZoneId;
import java.util.Objects;
import java.util.regex.Pattern;

/** When another tool starts runs: five fields of a crontab, or {@code @daily} and the like. */
record ExportedSchedule(String cron, ZoneId zone) {

  private static final Pattern CRON =
      Pattern.compile(
          "@(yearly|annually|monthly|weekly|daily|midnight|hourly)|[0-9A-Za-z*/,#?-]+( [0-9A-Za-z*/,#?-]+){4}");

  static ExportedSchedule of(Pipeline<?> pipeline, String cron, ZoneId zone) {
    if (!CRON.matcher(cron).matches()) {
      throw new IllegalArgumentException(
          "Cannot schedule %s by «%s»: expected five fields with a space between them, or @daily and the like"
              .formatted(pipeline, cron));
    }
    return new ExportedSchedule(cron, Objects.requireNonNull(zone, "zone"));
  }
}
