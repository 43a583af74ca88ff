package io.shelfmark.pipeline.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.pipeline.RunId;
import io.shelfmark.storage.Digest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/**
 * The ids of fires, and of their runs: whoever sees an instant or event makes the same ones. Those
 * of instants have a dash, those of events have none; those of events that a host told begin with a
 * {@code t}, so that no number of them displaces what a schedule or source knows its place by.
 */
final class FireIds {

  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String TOLD = "t";
  private static final int EVENT_DIGITS = 32;
  private static final int LONGEST_RUN_ID = 80;
  private static final int NAME_DIGITS = 10;

  private FireIds() {}

  static String of(Instant due) {
    return INSTANT.format(due);
  }

  static String of(String event) {
    return Digest.of(event.getBytes(UTF_8)).hex().substring(0, EVENT_DIGITS);
  }

  /** The id of an event that a host told. */
  static String told(String event) {
    return TOLD + of(event).substring(TOLD.length());
  }

  static boolean isTold(String id) {
    return id.startsWith(TOLD);
  }

  /** The instant that an id is of, unless it is an event's. */
  static Optional<Instant> instant(String id) {
    try {
      return id.indexOf('-') < 0 ? Optional.empty() : Optional.of(INSTANT.parse(id, Instant::from));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The run of a fire; a name too long for an id is cut, and told apart by its digest. */
  static RunId run(String name, String fire) {
    int room = LONGEST_RUN_ID - EVENT_DIGITS - 1;
    String prefix =
        name.length() <= room
            ? name
            : name.substring(0, room - NAME_DIGITS - 1)
                + "."
                + Digest.of(name.getBytes(UTF_8)).hex().substring(0, NAME_DIGITS);
    return RunId.of(prefix + "-" + fire);
  }
}
