package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagFields;
import java.util.List;

/**
 * Everything that was read on one tag of a photo at a time: its fields in any order, counted from
 * 0, the ways to read them and the codes decoded from its bars and squares. A view on what others
 * hold, turned from tag to tag. For one thread.
 */
public final class TagText {

  private final TagFields fields;
  private final TextReadings readings;
  private int start;
  private int size;
  private List<Recognized<Barcode>> barcodes = List.of();

  /**
   * A view on {@code fields} and on {@code readings} of theirs that is yet to be turned to a tag.
   */
  public TagText(TagFields fields, TextReadings readings) {
    this.fields = fields;
    this.readings = readings;
  }

  /** Turns to a tag and to the codes on it, which are not copied. */
  public TagText turn(int tag, List<Recognized<Barcode>> codes) {
    start = fields.start(tag);
    size = fields.end(tag) - start;
    barcodes = codes;
    return this;
  }

  List<Recognized<Barcode>> barcodes() {
    return barcodes;
  }

  int size() {
    return size;
  }

  /** The next field of a kind from index {@code from} on; -1 when there is none. */
  int next(FieldKind kind, int from) {
    for (int i = from; i < size; i++) {
      if (kind(i) == kind) {
        return i;
      }
    }
    return -1;
  }

  FieldKind kind(int i) {
    return fields.kind(start + i);
  }

  double score(int i) {
    return fields.score(start + i);
  }

  double left(int i) {
    return fields.left(start + i);
  }

  double right(int i) {
    return fields.right(start + i);
  }

  double width(int i) {
    return right(i) - left(i);
  }

  double height(int i) {
    return fields.bottom(start + i) - fields.top(start + i);
  }

  /** The middle between the top and the bottom edge. */
  double middle(int i) {
    return (fields.top(start + i) + fields.bottom(start + i)) / 2;
  }

  /** How many ways there are to read a field. */
  int ways(int i) {
    return readings.count(start + i);
  }

  CharSequence text(int i, int way) {
    return readings.text(start + i, way);
  }

  double confidence(int i, int way) {
    return readings.confidence(start + i, way);
  }

  /** The likeliest text, or nothing at all. */
  CharSequence text(int i) {
    return ways(i) == 0 ? "" : text(i, 0);
  }

  /** Confidence of the likeliest text; 0 without one. */
  double confidence(int i) {
    return ways(i) == 0 ? 0 : confidence(i, 0);
  }
}
