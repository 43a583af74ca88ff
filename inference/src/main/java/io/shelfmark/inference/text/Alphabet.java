package io.shelfmark.inference.text;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.model.ModelSource;

/**
 * The characters a text recognizer writes; class 0 is CTC's blank, class i + 1 the i-th character.
 * Immutable.
 */
public final class Alphabet {

  private final int[] characters;

  private Alphabet(int[] characters) {
    this.characters = characters;
  }

  /**
   * The alphabet in a model's card.
   *
   * @throws ModelException when the card has none
   */
  public static Alphabet of(ModelSource source) {
    String text = source.cardText("alphabet").orElse("");
    if (text.isEmpty()) {
      throw new ModelException(
          "Cannot use model %s: found no \"alphabet\" in its card, expected the characters of its classes"
              .formatted(source.name()));
    }
    return of(text);
  }

  /** The alphabet whose characters are those of {@code text}, in its order. */
  static Alphabet of(String text) {
    return new Alphabet(text.codePoints().toArray());
  }

  /** Number of classes, the blank included. */
  int classes() {
    return characters.length + 1;
  }

  int character(int index) {
    return characters[index - 1];
  }
}
