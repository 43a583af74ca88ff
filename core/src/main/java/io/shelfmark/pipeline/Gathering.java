package io.shelfmark.pipeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a fan-out's elements so far. Not thread-safe. */
final class Gathering {

  private final List<@Nullable Settled> elements;
  private int missing;

  Gathering(int size) {
    elements = new ArrayList<>(Collections.nCopies(size, null));
    missing = size;
  }

  /** Adds an element, once; gives whether all are there now. */
  boolean add(int element, Settled what) {
    if (elements.get(element) != null) {
      return false;
    }
    elements.set(element, what);
    missing--;
    return missing == 0;
  }

  /** All of them. */
  List<Settled> elements() {
    List<Settled> all = new ArrayList<>();
    for (Settled element : elements) {
      if (element != null) {
        all.add(element);
      }
    }
    return all;
  }
}
