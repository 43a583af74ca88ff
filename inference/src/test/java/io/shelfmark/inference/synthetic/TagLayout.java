package io.shelfmark.inference.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One way to print a tag; its proportions are drawn anew for each tag.
 *
 * @param minWidth narrowest, in units of the height
 * @param printing paints a tag's content
 */
record TagLayout(
    String name, double minWidth, double maxWidth, Bleed bleed, Consumer<TagPainter> printing) {

  TagLayout(String name, double minWidth, double maxWidth, Consumer<TagPainter> printing) {
    this(name, minWidth, maxWidth, Bleed.NONE, printing);
  }

  /** Those that models are trained on. */
  static List<TagLayout> training() {
    List<TagLayout> layouts = new ArrayList<>(ChainLayouts.all());
    layouts.addAll(PaperLayouts.all());
    layouts.addAll(ScreenLayouts.all());
    layouts.addAll(ForeignLayouts.all());
    return List.copyOf(layouts);
  }

  /** Those kept out of training, to see how well a model reads a chain it never saw. */
  static List<TagLayout> heldOut() {
    return HeldOutLayouts.all();
  }
}
