package io.shelfmark.pipeline;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/**
 * The name of one run of a pipeline. A host that starts a run under an id of its own, made of a
 * schedule's name and an instant for example, starts it once however often it asks.
 *
 * @param value 1 to 80 letters, digits, dots, dashes and underscores, a letter or digit first
 */
public record RunId(String value) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * @throws IllegalArgumentException when it is no name
   */
  public RunId {
    Names.require("run", value);
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException when it is no name
   */
  public static RunId of(String value) {
    return new RunId(value);
  }

  /** A new one: a time, so that they sort by age, and random digits. */
  static RunId create(Instant now) {
    return new RunId(TIME.format(now) + "-" + UUID.randomUUID().toString().substring(0, 13));
  }

  @Override
  public String toString() {
    return value;
  }
}
