package io.shelfmark.inference.parsing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives Latin words back the Latin letters that the recognizer writes as their Cyrillic
 * look-alikes: «LАУS» becomes «LAYS». A word turns Latin when it has a letter that only Latin has
 * and none that only Cyrillic has; a word of look-alikes alone («СОК», «ТНЕ») only between two
 * Latin words. Parts joined by a hyphen, an apostrophe or an ampersand are one word, unless both
 * scripts are certain in it. Stateless.
 */
final class ScriptRepair {

  private static final String CYRILLIC = "АВСЕНКМОРТХУасеорху";
  private static final String LATIN = "ABCEHKMOPTXYaceopxy";

  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{M}\\d]+(?:[-'’&][\\p{L}\\p{M}\\d]+)*");
  private static final Pattern PART = Pattern.compile("[\\p{L}\\p{M}\\d]+");

  private enum Script {
    LATIN,
    CYRILLIC,
    MIXED,
    EITHER,
    NONE
  }

  private ScriptRepair() {}

  /** {@code text} with its Latin words restored; as long as before. */
  static String repair(String text) {
    List<int[]> words = words(text);
    List<Script> scripts = words.stream().map(word -> script(text, word[0], word[1])).toList();
    StringBuilder repaired = new StringBuilder(text);
    for (int i = 0; i < words.size(); i++) {
      boolean between =
          i > 0
              && i + 1 < words.size()
              && scripts.get(i - 1) == Script.LATIN
              && scripts.get(i + 1) == Script.LATIN
              && words.get(i)[1] - words.get(i)[0] > 1;
      if (scripts.get(i) == Script.LATIN || (scripts.get(i) == Script.EITHER && between)) {
        toLatin(repaired, words.get(i)[0], words.get(i)[1]);
      }
    }
    return repaired.toString();
  }

  private static List<int[]> words(String text) {
    List<int[]> words = new ArrayList<>();
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      if (script(text, word.start(), word.end()) == Script.MIXED) {
        Matcher part = PART.matcher(text).region(word.start(), word.end());
        while (part.find()) {
          words.add(new int[] {part.start(), part.end()});
        }
      } else {
        words.add(new int[] {word.start(), word.end()});
      }
    }
    return words;
  }

  private static Script script(String text, int from, int to) {
    int latin = 0;
    int cyrillic = 0;
    int either = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (CYRILLIC.indexOf(c) >= 0) {
        either++;
      } else if (Character.isLetter(c)) {
        Character.UnicodeScript script = Character.UnicodeScript.of(c);
        latin += script == Character.UnicodeScript.LATIN ? 1 : 0;
        cyrillic += script == Character.UnicodeScript.CYRILLIC ? 1 : 0;
      }
    }
    if (latin > 0) {
      return cyrillic == 0 ? Script.LATIN : Script.MIXED;
    }
    return cyrillic > 0 ? Script.CYRILLIC : either > 0 ? Script.EITHER : Script.NONE;
  }

  private static void toLatin(StringBuilder text, int from, int to) {
    for (int i = from; i < to; i++) {
      int at = CYRILLIC.indexOf(text.charAt(i));
      if (at >= 0) {
        text.setCharAt(i, LATIN.charAt(at));
      }
    }
  }
}
