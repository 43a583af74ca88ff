package io.shelfmark.inference.parsing;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * The ways to read each of a photo's fields, the likeliest first; none for a field without text or
 * one that was not looked at. Texts are as the recognizer writes them: Latin letters that look
 * Cyrillic are Cyrillic. They lie in memory that is kept from photo to photo, since of the texts of
 * a photo few are part of what it says. For one thread.
 */
public final class TextReadings {

  /** The most ways to read a field. */
  public static final int WAYS = 3;

  private int[] counts = new int[64];
  private StringBuilder[] texts = new StringBuilder[WAYS * 64];
  private double[] confidences = new double[WAYS * 64];

  /** Readings of no field. */
  public TextReadings() {
    fill(0);
  }

  private void fill(int from) {
    for (int i = from; i < texts.length; i++) {
      texts[i] = new StringBuilder();
    }
  }

  /** Forgets all readings and makes room for those of {@code fields} fields. */
  public void clear(int fields) {
    if (fields > counts.length) {
      int before = texts.length;
      int room = Math.max(fields, 2 * counts.length);
      counts = new int[room];
      texts = Arrays.copyOf(texts, WAYS * room);
      confidences = new double[WAYS * room];
      fill(before);
    }
    Arrays.fill(counts, 0, fields, 0);
  }

  /** An empty text to write a field's next reading into; it counts once it is {@link #add}ed. */
  public StringBuilder next(int field) {
    StringBuilder text = texts[WAYS * field + counts[field]];
    text.setLength(0);
    return text;
  }

  /**
   * Adds the reading that was written into {@link #next}, without the space around it.
   *
   * @param confidence probability that every character is right, 0 to 1
   */
  public void add(int field, double confidence) {
    int at = WAYS * field + counts[field];
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException(
          "Cannot make reading '%s': found confidence %s, expected 0 to 1"
              .formatted(texts[at], confidence));
    }
    strip(texts[at]);
    confidences[at] = confidence;
    counts[field]++;
  }

  private static void strip(StringBuilder text) {
    int end = text.length();
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    text.setLength(end);
    int start = 0;
    while (start < end && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    text.delete(0, start);
  }

  /** Drops the readings of a field that are not {@code wanted}. */
  public void retain(int field, Predicate<CharSequence> wanted) {
    int kept = WAYS * field;
    int end = kept + counts[field];
    for (int at = kept; at < end; at++) {
      if (wanted.test(texts[at])) {
        StringBuilder text = texts[at];
        texts[at] = texts[kept];
        texts[kept] = text;
        confidences[kept++] = confidences[at];
      }
    }
    counts[field] = kept - WAYS * field;
  }

  /** How many ways there are to read a field. */
  public int count(int field) {
    return counts[field];
  }

  /** A reading's text, valid until all are cleared. */
  public CharSequence text(int field, int way) {
    return texts[WAYS * field + way];
  }

  /** The probability that every character of a reading is right, 0 to 1; at most 1 in all. */
  public double confidence(int field, int way) {
    return confidences[WAYS * field + way];
  }
}
