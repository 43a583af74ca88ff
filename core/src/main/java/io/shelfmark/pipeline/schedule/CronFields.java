package io.shelfmark.pipeline.schedule;

import java.time.LocalDate;
import java.time.Month;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The five fields of a cron expression, each as a set of bits: minute, hour, day of the month,
 * month, day of the week. As in Vixie cron a day counts by either of the two day fields when both
 * are restricted, and by both when one begins with {@code *}.
 *
 * @param everyHour whether the hour is {@code *}
 * @param eitherDay whether one of the two day fields is enough
 */
record CronFields(
    long minutes,
    long hours,
    long days,
    long months,
    long weekdays,
    boolean everyHour,
    boolean eitherDay) {

  private static final Map<String, String> SHORTHANDS =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");
  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> WEEKDAYS =
      List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
  private static final Pattern PART = Pattern.compile("(?:\\*|(\\w+)(?:-(\\w+))?)(?:/(\\d{1,4}))?");

  /** What a field may hold. */
  private record Range(String name, int first, int last, List<String> names) {}

  private static final List<Range> RANGES =
      List.of(
          new Range("minute", 0, 59, List.of()),
          new Range("hour", 0, 23, List.of()),
          new Range("day of the month", 1, 31, List.of()),
          new Range("month", 1, 12, MONTHS),
          new Range("day of the week", 0, 7, WEEKDAYS));

  static CronFields parse(String expression) {
    String text = expression.strip();
    String[] fields =
        SHORTHANDS.getOrDefault(text.toLowerCase(Locale.ROOT), text).split("\\s+", -1);
    if (fields.length != RANGES.size()) {
      throw new IllegalArgumentException(
          "Cannot read cron expression «%s»: found %d fields, expected minute, hour, day of the month, month and day of the week, or one of %s"
              .formatted(
                  expression, fields.length, SHORTHANDS.keySet().stream().sorted().toList()));
    }
    long[] bits = new long[fields.length];
    for (int i = 0; i < fields.length; i++) {
      bits[i] = bits(fields[i], RANGES.get(i), expression);
    }
    long weekdays = bits[4] | ((bits[4] >> 7) & 1);
    CronFields parsed =
        new CronFields(
            bits[0],
            bits[1],
            bits[2],
            bits[3],
            weekdays,
            fields[1].equals("*"),
            !fields[2].startsWith("*") && !fields[4].startsWith("*"));
    if (!parsed.eitherDay && !parsed.hasDay()) {
      throw new IllegalArgumentException(
          "Cannot read cron expression «%s»: found a day that none of its months has"
              .formatted(expression));
    }
    return parsed;
  }

  private boolean hasDay() {
    for (Month month : Month.values()) {
      long possible = (1L << (month.maxLength() + 1)) - 1;
      if (has(months, month.getValue()) && (days & possible) != 0) {
        return true;
      }
    }
    return false;
  }

  private static long bits(String field, Range range, String expression) {
    long bits = 0;
    for (String part : field.split(",", -1)) {
      Matcher matcher = PART.matcher(part);
      if (!matcher.matches()) {
        throw wrong(part, range, expression);
      }
      boolean all = matcher.group(1) == null;
      boolean hasStep = matcher.group(3) != null;
      int first = all ? range.first() : number(matcher.group(1), range, expression);
      // 7 is Sunday once more: * and 5/1 end on Saturday
      int highest = range.last() == 7 ? 6 : range.last();
      int last =
          matcher.group(2) != null
              ? number(matcher.group(2), range, expression)
              : all || hasStep ? highest : first;
      int step = hasStep ? Integer.parseInt(matcher.group(3)) : 1;
      if (step < 1 || last < first) {
        throw wrong(part, range, expression);
      }
      for (int value = first; value <= last; value += step) {
        bits |= 1L << value;
      }
    }
    return bits;
  }

  private static int number(String text, Range range, String expression) {
    int named = range.names().indexOf(text.toUpperCase(Locale.ROOT));
    if (named >= 0) {
      return named + range.first();
    }
    if (text.length() <= 2 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      int number = Integer.parseInt(text);
      if (number >= range.first() && number <= range.last()) {
        return number;
      }
    }
    throw wrong(text, range, expression);
  }

  private static IllegalArgumentException wrong(String part, Range range, String expression) {
    return new IllegalArgumentException(
        "Cannot read cron expression «%s»: found «%s» for the %s, expected %d to %d%s, with - , / and *"
            .formatted(
                expression,
                part,
                range.name(),
                range.first(),
                range.last(),
                range.names().isEmpty() ? "" : " or a name such as " + range.names().get(0)));
  }

  static boolean has(long bits, int value) {
    return ((bits >> value) & 1) != 0;
  }

  boolean hasDay(LocalDate date) {
    if (!has(months, date.getMonthValue())) {
      return false;
    }
    boolean day = has(days, date.getDayOfMonth());
    boolean weekday = has(weekdays, date.getDayOfWeek().getValue() % 7);
    return eitherDay ? day || weekday : day && weekday;
  }
}
