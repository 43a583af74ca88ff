package io.shelfmark.inference.catalog;

import java.util.List;

/**
 * How alike a read name and a catalog's name are, 0 to 1. The whole names are aligned by edit
 * distance, letters that recognizers confuse at half price. What differs then in one place counts
 * more than what differs a little everywhere: a word that is another word, or a number that is
 * another number, is another product. Not thread-safe.
 */
final class NameSimilarity {

  private static final int GAP = 2;
  private static final String CONFUSED =
      "0о 3з 6б 1l 1i 4ч 8в 5s ин ип пн ий шщ ьъ ьы бв ео ес со лп лд цш гт тг рв нк кх жк эз 38 56 08 06 68 17";

  private static final double OTHER_WORD = 0.25;
  private static final double OTHER_NUMBER = 0.3;
  private static final double DOUBTFUL_NUMBER = 0.12;
  private static final double LACKING_NUMBER = 0.1;
  private static final double OTHER_COUNT = 0.03;

  private static final boolean[] CONFUSED_PAIRS = new boolean[1 << 16];

  static {
    for (String pair : CONFUSED.split(" ", 0)) {
      CONFUSED_PAIRS[key(pair.charAt(0), pair.charAt(1))] = true;
      CONFUSED_PAIRS[key(pair.charAt(1), pair.charAt(0))] = true;
    }
  }

  /** Below this no penalty matters any more. */
  private static final double HOPELESS = 0.5;

  private int[] costs = new int[0];

  /**
   * Where the walk back along the alignment stands, and what became of the digits on its last leg.
   */
  private int row;

  private int lostDigits;
  private int extraDigits;
  private int otherDigits;
  private int alikeDigits;

  double between(FoldedName read, FoldedName sku) {
    int columns = sku.letters().length() + 1;
    int rows = read.letters().length() + 1;
    align(read.letters(), sku.letters());
    int longest = Math.max(rows, columns) - 1;
    double alike = longest == 0 ? 0 : 1 - costs[rows * columns - 1] / (double) (GAP * longest);
    return alike < HOPELESS ? alike : Math.max(0, alike - penalty(read, sku));
  }

  /** Fills the matrix of the cheapest alignments of all beginnings. */
  private void align(String read, String sku) {
    int columns = sku.length() + 1;
    if (costs.length < (read.length() + 1) * columns) {
      costs = new int[(read.length() + 1) * columns];
    }
    for (int j = 0; j < columns; j++) {
      costs[j] = GAP * j;
    }
    for (int i = 1; i <= read.length(); i++) {
      char c = read.charAt(i - 1);
      int row = i * columns;
      costs[row] = GAP * i;
      for (int j = 1; j < columns; j++) {
        int substituted = costs[row - columns + j - 1] + substitution(c, sku.charAt(j - 1));
        int gap = Math.min(costs[row - columns + j], costs[row + j - 1]) + GAP;
        costs[row + j] = Math.min(substituted, gap);
      }
    }
  }

  /**
   * Walks the cheapest alignment back and charges each word of the catalog's name that became
   * another one.
   */
  private double penalty(FoldedName read, FoldedName sku) {
    int columns = sku.letters().length() + 1;
    int quantity = sku.quantities().size();
    double penalty = 0;
    row = read.letters().length();
    for (int word = sku.starts().size() - 1; word >= 0; word--) {
      int start = sku.starts().get(word);
      int end = sku.end(word);
      int before = costs[row * columns + end];
      walk(read.letters(), sku.letters(), end, start);
      int cost = before - costs[row * columns + start];
      if (!sku.isNumber(word)) {
        penalty += isOtherWord(cost, end - start) ? OTHER_WORD : 0;
        penalty += extraDigits > 0 ? LACKING_NUMBER : 0;
      } else if (!isAmong(sku.quantities().get(--quantity), read.quantities())) {
        penalty += numberPenalty(sku.quantities().get(quantity));
      }
    }
    return penalty;
  }

  private static boolean isOtherWord(int cost, int length) {
    return length >= 3 && cost >= 2 * GAP && cost > GAP * length * (length < 5 ? 0.5 : 0.4);
  }

  /**
   * A digit that became a letter was misread; a digit that became another digit makes another
   * product.
   */
  private double numberPenalty(Quantity quantity) {
    if (quantity.measure() == Quantity.Measure.UNKNOWN) {
      return OTHER_COUNT;
    }
    int digits = quantity.digits().length();
    if (lostDigits == digits && otherDigits == 0 && extraDigits == 0) {
      return LACKING_NUMBER;
    }
    if (lostDigits + extraDigits + otherDigits > 0) {
      return OTHER_NUMBER;
    }
    return Math.min(2, alikeDigits) * DOUBTFUL_NUMBER;
  }

  /**
   * Follows the cheapest alignment from column {@code j} back to {@code start}, counting what
   * became of digits.
   */
  private void walk(String read, String sku, int j, int start) {
    int columns = sku.length() + 1;
    lostDigits = 0;
    extraDigits = 0;
    otherDigits = 0;
    alikeDigits = 0;
    while (j > start || (row > 0 && isExtraDigit(read, columns, j))) {
      int here = costs[row * columns + j];
      char a = row > 0 ? read.charAt(row - 1) : ' ';
      char b = j > 0 ? sku.charAt(j - 1) : ' ';
      if (row > 0 && j > start && here == costs[(row - 1) * columns + j - 1] + substitution(a, b)) {
        boolean otherDigit = a != b && isDigit(a) && isDigit(b);
        otherDigits += otherDigit && !isConfused(a, b) ? 1 : 0;
        alikeDigits += otherDigit && isConfused(a, b) ? 1 : 0;
        row--;
        j--;
      } else if (row > 0 && here == costs[(row - 1) * columns + j] + GAP) {
        extraDigits += isDigit(a) ? 1 : 0;
        row--;
      } else {
        lostDigits += isDigit(b) ? 1 : 0;
        j--;
      }
    }
  }

  private boolean isExtraDigit(String read, int columns, int j) {
    return isDigit(read.charAt(row - 1))
        && costs[row * columns + j] == costs[(row - 1) * columns + j] + GAP;
  }

  private static boolean isAmong(Quantity wanted, List<Quantity> quantities) {
    for (Quantity quantity : quantities) {
      if (quantity.isSame(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int substitution(char a, char b) {
    if (a == b) {
      return 0;
    }
    return isConfused(a, b) ? GAP / 2 : GAP;
  }

  private static boolean isConfused(char a, char b) {
    return CONFUSED_PAIRS[key(a, b)];
  }

  private static int key(char a, char b) {
    return (symbol(a) << 8) | symbol(b);
  }

  /** Eight bits a character: ASCII below 128, Cyrillic above. */
  private static int symbol(char c) {
    return (c & 0x7f) | ((c >> 3) & 0x80);
  }
}
