package io.shelfmark.inference.synthetic;

import java.util.List;

/** What printing needs: typefaces and words. Thread-safe, loaded once. */
record Press(FontShelf fonts, Lexicon lexicon) {
  static Press load() {
    return new Press(FontShelf.load(), Lexicon.load());
  }

  Press withNames(List<String> names) {
    return new Press(fonts, lexicon.withNames(names));
  }

  FlatTag print(TagLayout layout, Dice dice, double pixelHeight) {
    TagPainter painter = new TagPainter(dice, this, layout, pixelHeight);
    layout.printing().accept(painter);
    return painter.finish(layout.name());
  }
}
