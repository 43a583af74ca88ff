package io.shelfmark.inference.parsing;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Folds away what nobody can tell apart on a photo (Latin and Cyrillic letters of one shape, case,
 * ё) and what typists choose freely (spaces, punctuation). The one home of this rule: names are
 * compared, conditions found and catalogs searched on folded text. Stateless.
 */
public final class TextFolding {

  /** Latin letters, and Ukrainian and Kazakh ones, beside what they are folded to; lower case. */
  private static final String FROM = "abcehkmoptxyёіј";

  private static final String TO = "авсенкмортхуеij";

  private static final char[] FOLDED = new char[0x500];

  static {
    for (char c = 0; c < FOLDED.length; c++) {
      char lower = Character.toLowerCase(Character.toUpperCase(c));
      int at = FROM.indexOf(lower);
      FOLDED[c] = at < 0 ? lower : TO.charAt(at);
    }
  }

  private TextFolding() {}

  /**
   * The letters and digits of {@code text}, folded: {@code "Сок J-7, 0,97л"} becomes {@code
   * "сокj7097л"}. Folding twice changes nothing.
   */
  public static String fold(String text) {
    String composed = compose(text);
    StringBuilder folded = new StringBuilder(composed.length());
    for (int i = 0; i < composed.length(); i++) {
      char c = composed.charAt(i);
      if (Character.isLetterOrDigit(c)) {
        folded.append(fold(c));
      }
    }
    return folded.toString();
  }

  /**
   * The folded runs of letters and the runs of digits, in order: {@code "от 2шт."} gives {@code
   * [от, 2, шт]}.
   */
  public static List<String> words(String text) {
    String composed = compose(text);
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < composed.length(); i++) {
      char c = composed.charAt(i);
      boolean ends =
          word.length() > 0
              && (!Character.isLetterOrDigit(c)
                  || Character.isDigit(c) != Character.isDigit(word.charAt(0)));
      if (ends) {
        words.add(word.toString());
        word.setLength(0);
      }
      if (Character.isLetterOrDigit(c)) {
        word.append(fold(c));
      }
    }
    if (word.length() > 0) {
      words.add(word.toString());
    }
    return words;
  }

  /** One character, folded; signs stay as they are. */
  static char fold(char c) {
    return c < FOLDED.length ? FOLDED[c] : Character.toLowerCase(Character.toUpperCase(c));
  }

  private static String compose(String text) {
    return Normalizer.isNormalized(text, Normalizer.Form.NFC)
        ? text
        : Normalizer.normalize(text, Normalizer.Form.NFC);
  }
}
