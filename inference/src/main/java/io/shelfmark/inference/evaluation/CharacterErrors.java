package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.parsing.EditDistance;
import io.shelfmark.inference.parsing.TextFolding;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Character errors of names, summed over tags: edits of folded text, see {@link TextFolding}.
 * Immutable.
 *
 * @param names how many names
 * @param exact how many of them were read without an error
 * @param errors insertions, deletions and substitutions; a name that was not read costs all its
 *     characters
 * @param characters letters and digits of the printed names
 */
public record CharacterErrors(int names, int exact, long errors, long characters) {

  /** Errors per printed character; NaN without names. */
  public double rate() {
    return characters == 0 ? Double.NaN : (double) errors / characters;
  }

  /** How many of the names are exact. */
  public Ratio exactNames() {
    return new Ratio(exact, names);
  }

  static CharacterErrors of(List<TagOutcome> tags, Predicate<LabeledName> filter) {
    int names = 0;
    int exact = 0;
    long errors = 0;
    long characters = 0;
    for (TagOutcome tag : tags) {
      Optional<LabeledName> name = tag.label().name().filter(filter);
      if (name.isPresent()) {
        String truth = TextFolding.fold(name.get().text());
        int distance = EditDistance.between(truth, TextFolding.fold(tag.name().orElse("")));
        names++;
        exact += distance == 0 ? 1 : 0;
        errors += distance;
        characters += truth.length();
      }
    }
    return new CharacterErrors(names, exact, errors, characters);
  }
}
