package io.shelfmark.inference.parsing;

import java.lang.Character.UnicodeScript;

/**
 * Gives Latin words back the Latin letters that the recognizer writes as their Cyrillic
 * look-alikes: «LАУS» becomes «LAYS». A word turns Latin when it has a letter that only Latin has
 * and none that only Cyrillic has; a word of look-alikes alone («СОК», «ТНЕ») only between two
 * Latin words. Parts joined by a hyphen, an apostrophe or an ampersand are one word, unless both
 * scripts are certain in it. For one thread.
 */
final class ScriptRepair {

  private static final String CYRILLIC = "АВСЕНКМОРТХУасеорху";
  private static final String LATIN = "ABCEHKMOPTXYaceopxy";
  private static final String JOINTS = "-'’&";

  private enum Script {
    LATIN,
    CYRILLIC,
    MIXED,
    EITHER,
    NONE
  }

  private final StringBuilder text;

  // the word at hand; within one of both scripts its parts are words, and end is theirs
  private int from;
  private int to;
  private int mixedEnd;

  /** Repairs what is in {@code text}, time and again. */
  ScriptRepair(StringBuilder text) {
    this.text = text;
  }

  /** {@code text} with its Latin words restored; as long as before. */
  static String repair(String text) {
    StringBuilder repaired = new StringBuilder(text);
    new ScriptRepair(repaired).repair();
    return repaired.toString();
  }

  /** Restores the text's Latin words in place. */
  void repair() {
    for (int i = 0; i < text.length(); i++) {
      if (isLatin(text.charAt(i))) {
        repairWords();
        return;
      }
    }
  }

  private void repairWords() {
    to = 0;
    mixedEnd = 0;
    Script before = Script.NONE;
    Script script = Script.NONE;
    int start = 0;
    int end = 0;
    while (next()) {
      // letters change within words that are passed, so the word at hand is as it was read
      Script after = script(from, to);
      if (script == Script.LATIN || isBetween(before, script, after, end - start)) {
        toLatin(start, end);
      }
      before = script;
      script = after;
      start = from;
      end = to;
    }
    if (script == Script.LATIN) {
      toLatin(start, end);
    }
  }

  private static boolean isBetween(Script before, Script script, Script after, int length) {
    return script == Script.EITHER && before == Script.LATIN && after == Script.LATIN && length > 1;
  }

  /** Goes on to the next word, or part of one of both scripts. */
  private boolean next() {
    from = to;
    while (from < text.length() && partEnd(from) == from) {
      from += Character.charCount(text.codePointAt(from));
    }
    to = partEnd(from);
    if (to > mixedEnd) {
      int end = wordEnd(to);
      if (script(from, end) == Script.MIXED) {
        mixedEnd = end;
      } else {
        to = end;
      }
    }
    return to > from;
  }

  /** Where the word of which a part ends at {@code end} ends. */
  private int wordEnd(int end) {
    int last = end;
    while (TextScan.isAnyAt(text, last, JOINTS) && partEnd(last + 1) > last + 1) {
      last = partEnd(last + 1);
    }
    return last;
  }

  /** Where the run of letters, accents and digits that may begin at {@code from} ends. */
  private int partEnd(int start) {
    int i = start;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (!Character.isLetter(c) && !isMark(c) && !TextScan.isDigitAt(text, i)) {
        break;
      }
      i += Character.charCount(c);
    }
    return i;
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  private Script script(int start, int end) {
    boolean latin = false;
    boolean cyrillic = false;
    boolean either = false;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      boolean both = CYRILLIC.indexOf(c) >= 0;
      either |= both;
      latin |= isLatin(c);
      cyrillic |= !both && Character.isLetter(c) && UnicodeScript.of(c) == UnicodeScript.CYRILLIC;
    }
    if (latin) {
      return cyrillic ? Script.MIXED : Script.LATIN;
    }
    return cyrillic ? Script.CYRILLIC : either ? Script.EITHER : Script.NONE;
  }

  private static boolean isLatin(char c) {
    return Character.isLetter(c) && UnicodeScript.of(c) == UnicodeScript.LATIN;
  }

  private void toLatin(int start, int end) {
    for (int i = start; i < end; i++) {
      int at = CYRILLIC.indexOf(text.charAt(i));
      if (at >= 0) {
        text.setCharAt(i, LATIN.charAt(at));
      }
    }
  }
}
