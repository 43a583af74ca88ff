package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.parsing.TextFolding;

/**
 * How far a name that was read is from the printed one, in edits of folded text; see {@link
 * TextFolding}.
 */
final class NameDistance {

  private NameDistance() {}

  /** Letters and digits of {@code text}, folded. */
  static String fold(String text) {
    return TextFolding.fold(text);
  }

  /** Insertions, deletions and substitutions that turn {@code a} into {@code b}. */
  static int between(String a, String b) {
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
}
