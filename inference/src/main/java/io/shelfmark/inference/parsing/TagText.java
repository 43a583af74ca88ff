package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.detection.FieldKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that was read on one tag. Immutable.
 *
 * @param fields the fields in any order, boxes in one coordinate system
 * @param barcodes the codes decoded from the tag's bars and squares
 */
public record TagText(List<FieldText> fields, List<Recognized<Barcode>> barcodes) {

  /** Copies both lists. */
  public TagText {
    fields = List.copyOf(fields);
    barcodes = List.copyOf(barcodes);
  }

  /** A tag without decoded codes. */
  public static TagText of(List<FieldText> fields) {
    return new TagText(fields, List.of());
  }

  /** The next field of a kind from index {@code from} on; -1 when there is none. */
  int next(FieldKind kind, int from) {
    for (int i = from; i < fields.size(); i++) {
      if (fields.get(i).is(kind)) {
        return i;
      }
    }
    return -1;
  }

  /** The fields of a kind, in their order, in a list of the caller's own unless it is empty. */
  List<FieldText> of(FieldKind kind) {
    List<FieldText> found = List.of();
    for (int i = next(kind, 0); i >= 0; i = next(kind, i + 1)) {
      // most kinds are on a tag once or not at all
      found = found.isEmpty() ? new ArrayList<>(2) : found;
      found.add(fields.get(i));
    }
    return found;
  }
}
