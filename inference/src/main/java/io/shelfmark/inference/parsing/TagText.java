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

  List<FieldText> of(FieldKind kind) {
    List<FieldText> found = List.of();
    for (FieldText field : fields) {
      if (field.is(kind)) {
        // most kinds are on a tag once or not at all
        found = found.isEmpty() ? new ArrayList<>(2) : found;
        found.add(field);
      }
    }
    return found;
  }
}
