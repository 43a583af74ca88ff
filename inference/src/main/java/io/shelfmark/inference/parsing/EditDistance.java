package io.shelfmark.inference.parsing;

/**
 * Levenshtein's edit distance: insertions, deletions and substitutions that turn one text into the
 * other. Stateless.
 */
public final class EditDistance {

  private EditDistance() {}

  /** The fewest edits that turn {@code a} into {@code b}. */
  public static int between(String a, String b) {
    return between(a.toCharArray(), 0, a.length(), b, new int[b.length() + 1]);
  }

  /**
   * The fewest edits that turn the characters of {@code a} from {@code from} to {@code to} into
   * {@code b}.
   *
   * @param row scratch memory, longer than {@code b}
   */
  static int between(char[] a, int from, int to, String b, int[] row) {
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = from; i < to; i++) {
      int diagonal = row[0];
      row[0] = i - from + 1;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a[i] == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
