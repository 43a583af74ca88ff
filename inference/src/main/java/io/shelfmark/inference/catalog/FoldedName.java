package io.shelfmark.inference.catalog;

import io.shelfmark.inference.parsing.TextFolding;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A product's name as it is compared: words folded and closed up, numbers told apart. Immutable.
 *
 * @param letters the words without spaces, numbers with a comma and percent signs included
 * @param starts where each word begins in {@code letters}
 * @param quantities the numbers
 */
record FoldedName(String letters, List<Integer> starts, List<Quantity> quantities) {

  /** What is behind is cut off: no product's name is so long, and aligning costs its square. */
  private static final int LONGEST = 400;

  private static final Pattern WORD = Pattern.compile("\\d+(?:[.,]\\d+)*|%|\\p{L}+");

  private static final String UNIT = "\\s*(?:[гГлЛ%]|[кК][гГ]|[мМ][лЛ]|[шШ][тТ])(?!\\p{L})";

  /** О and З after a digit and before another or a unit are digits. */
  private static final Pattern DIGIT = Pattern.compile("(?<=\\d)[оОзЗ](?=[\\dоО]|" + UNIT + ")");

  /** Digits inside a word, and 0 and 3 at its end, are letters. */
  private static final Pattern LETTER =
      Pattern.compile("(?<=\\p{L})(?:[03468](?=\\p{L})|[03](?![\\d.,%]|" + UNIT + "))");

  static FoldedName of(String name) {
    String letter =
        LETTER
            .matcher(name.length() > LONGEST ? name.substring(0, LONGEST) : name)
            .replaceAll(found -> "озчбв".substring("03468".indexOf(found.group())).substring(0, 1));
    String digits =
        DIGIT.matcher(letter).replaceAll(found -> "оО".contains(found.group()) ? "0" : "3");
    StringBuilder letters = new StringBuilder(name.length());
    List<Integer> starts = new ArrayList<>();
    List<Quantity> quantities = new ArrayList<>();
    Matcher word = WORD.matcher(digits);
    String number = "";
    while (word.find()) {
      String found = word.group();
      boolean isNumber = Character.isDigit(found.charAt(0));
      String folded =
          isNumber ? found.replace('.', ',') : found.equals("%") ? "%" : TextFolding.fold(found);
      if (folded.isEmpty()) {
        continue; // letters that folding does not read
      }
      if (!number.isEmpty()) {
        quantities.add(Quantity.of(number, isNumber ? "" : folded));
      }
      boolean isUnit = !number.isEmpty() && Quantity.isUnit(folded);
      number = isNumber ? found : "";
      if (!isUnit) {
        starts.add(letters.length());
      }
      letters.append(folded);
    }
    if (!number.isEmpty()) {
      quantities.add(Quantity.of(number, ""));
    }
    return new FoldedName(letters.toString(), List.copyOf(starts), List.copyOf(quantities));
  }

  int end(int word) {
    return word + 1 < starts.size() ? starts.get(word + 1) : letters.length();
  }

  boolean isNumber(int word) {
    return Character.isDigit(letters.charAt(starts.get(word)));
  }

  /** The words with a space around each: what n-grams are taken from. */
  String spaced() {
    StringBuilder spaced = new StringBuilder(letters.length() + starts.size() + 1).append(' ');
    for (int word = 0; word < starts.size(); word++) {
      spaced.append(letters, starts.get(word), end(word)).append(' ');
    }
    return spaced.toString();
  }
}
