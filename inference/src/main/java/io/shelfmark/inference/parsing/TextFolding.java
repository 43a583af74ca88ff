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
    CharSequence composed = compose(text);
    StringBuilder folded = new StringBuilder(composed.length());
    for (int i = 0; i < composed.length(); i++) {
      char c = composed.charAt(i);
      if (isRead(c)) {
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
    Words words = new Words().read(text);
    List<String> texts = new ArrayList<>(words.size());
    for (int i = 0; i < words.size(); i++) {
      texts.add(words.text(i));
    }
    return texts;
  }

  /**
   * Whether a character is a letter or digit that counts. Korean vowels and finals that stand apart
   * do not: without what is between them and a letter they would become one with it.
   */
  static boolean isRead(char c) {
    return Character.isLetterOrDigit(c) && (c < 0x1160 || c > 0x11ff);
  }

  /** One character, folded; signs stay as they are. */
  static char fold(char c) {
    return c < FOLDED.length ? FOLDED[c] : Character.toLowerCase(Character.toUpperCase(c));
  }

  /** {@code text} with its accents on their letters, one character each where there is one. */
  static CharSequence compose(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isComposed(text.charAt(i))) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
      }
    }
    return text;
  }

  /**
   * Whether text of such characters alone is composed: they neither combine with the one before nor
   * stand for another. True of what tags are printed in, not of all that could be; asking the
   * normalizer costs garbage.
   */
  static boolean isComposed(char c) {
    return c < 0x300
        || (c >= 0x400 && c < 0x483)
        || (c >= 0x48a && c < 0x530)
        || (c >= 0x2010 && c < 0x2028)
        || (c >= 0x20a0 && c < 0x20c0)
        || c == '№'
        || c == '−';
  }
}
