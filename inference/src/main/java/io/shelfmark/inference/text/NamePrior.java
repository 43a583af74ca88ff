package io.shelfmark.inference.text;

/**
 * A {@link CharacterModel} seen from a recognizer's classes. Characters that the model does not
 * know are neither preferred nor avoided, so a recognizer of another script reads as if there were
 * no model. Immutable.
 */
final class NamePrior implements Prior {

  private final CharacterModel model;
  private final int[] symbols;

  NamePrior(CharacterModel model, Alphabet alphabet) {
    this.model = model;
    this.symbols = new int[alphabet.classes()];
    for (int i = 1; i < symbols.length; i++) {
      symbols[i] = model.symbol(alphabet.character(i));
    }
  }

  @Override
  public int begin() {
    return model.begin();
  }

  @Override
  public double weight(int state, int character) {
    int symbol = symbols[character];
    return symbol == CharacterModel.UNKNOWN ? 1 : model.weight(state, symbol);
  }

  @Override
  public double most() {
    return Math.max(1, model.most());
  }

  @Override
  public int next(int state, int character) {
    return model.next(state, symbols[character]);
  }

  @Override
  public double end(int state) {
    return model.end(state);
  }
}
