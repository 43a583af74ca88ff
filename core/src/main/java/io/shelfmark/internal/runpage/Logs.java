package io.shelfmark.internal.runpage;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Logs for the page, within its size: those that are asked for first are there. Not thread-safe.
 */
final class Logs {

  /** Characters of one log, of all together, and how long one must be to be shown in part. */
  static final int MOST_OF_ONE = 48 << 10;

  static final int MOST_OF_ALL = 1_500_000;
  private static final int LEAST = 2048;

  /** Colours and cursors of terminals. */
  private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");

  private final UnaryOperator<String> source;
  private int left = MOST_OF_ALL;

  /** Begins with what gives the log of a step by its name. */
  Logs(UnaryOperator<String> source) {
    this.source = source;
  }

  /**
   * A log as it is shown.
   *
   * @param text what there is room for; empty when there is none
   * @param length characters that were logged; 0 when it was not read
   */
  record Log(String text, int length) {}

  /** The log of a step; empty when it logged nothing. Not read when there is no room for it. */
  Optional<Log> of(String step) {
    if (left < LEAST) {
      return Optional.of(new Log("", 0));
    }
    String whole = source.apply(step);
    if (whole.isEmpty()) {
      return Optional.empty();
    }
    int room = Math.min(left, MOST_OF_ONE);
    String text = ESCAPES.matcher(shortened(whole, room)).replaceAll("");
    left -= text.length();
    return Optional.of(new Log(text, whole.length()));
  }

  private static String shortened(String whole, int room) {
    if (whole.length() <= room) {
      return whole;
    }
    if (room < LEAST) {
      return "";
    }
    String head = whole.substring(0, room / 3);
    String tail = whole.substring(whole.length() - (room - room / 3 - 100));
    int leftOut = whole.length() - head.length() - tail.length();
    return head + "\n… " + Words.count(leftOut) + " characters are left out …\n" + tail;
  }
}
