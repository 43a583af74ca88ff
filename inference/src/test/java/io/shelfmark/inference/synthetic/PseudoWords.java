package io.shelfmark.inference.synthetic;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Made-up words whose letters follow each other as in a word list (a trigram model), so that
 * readers learn letters, not words.
 */
final class PseudoWords {
  private static final char EDGE = ' ';
  private static final String RARE = "фцщъэюйжхшчёгзб";

  private final Map<String, StringBuilder> followers = new HashMap<>();

  PseudoWords(List<String> words) {
    for (String word : words) {
      String padded = "  " + word.toLowerCase(Locale.ROOT) + EDGE;
      for (int i = 2; i < padded.length(); i++) {
        followers
            .computeIfAbsent(padded.substring(i - 2, i), pair -> new StringBuilder())
            .append(padded.charAt(i));
      }
    }
  }

  String word(Dice dice) {
    StringBuilder word = new StringBuilder();
    String pair = "  ";
    int limit = dice.whole(5, 12);
    while (word.length() < limit) {
      StringBuilder next = followers.get(pair);
      char letter = next == null ? EDGE : next.charAt(dice.whole(0, next.length() - 1));
      if (letter == EDGE && word.length() > 2) {
        break;
      }
      if (letter == EDGE || dice.chance(0.04)) {
        letter = RARE.charAt(dice.whole(0, RARE.length() - 1));
      }
      word.append(letter);
      pair = pair.substring(1) + letter;
    }
    return word.toString();
  }
}
