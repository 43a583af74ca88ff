package io.shelfmark.inference.parsing;

/**
 * Levenshtein's edit distance: insertions, deletions and substitutions that turn one text into the
 * other. Stateless.
 */
public final class EditDistance {

  private EditDistance() {}

  /** The fewest edits that turn {@code a} into {@code b}. */
  public static int between(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  /** Whether {@code word} is {@code wanted} but for one error in every four letters. */
  static boolean close(String word, String wanted) {
    int allowed = wanted.length() / 4;
    return Math.abs(word.length() - wanted.length()) <= allowed && between(word, wanted) <= allowed;
  }
}
