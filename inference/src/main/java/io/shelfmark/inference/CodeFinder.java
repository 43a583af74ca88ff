package io.shelfmark.inference;

import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagFields;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.GrayCrop;
import io.shelfmark.inference.image.TagCanvas;
import io.shelfmark.inference.parsing.BarcodeReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts a tag's codes out of the photo and decodes them. Thread-safe. */
class CodeFinder {

  /** Longest side in pixels of the piece of photo in which a code is sought. */
  private static final int LARGEST_CODE = 640;

  /**
   * Longest side in photo pixels, quiet zone included, below which no bars are resolved: 95 modules
   * of an EAN-13 are then two thirds of a pixel wide, and the finest that were ever read one.
   */
  private static final double SMALLEST_BARS = 84;

  /**
   * The same for squares: the least QR code has 21 modules, and the finest that were ever read were
   * 1.6 pixels wide.
   */
  private static final double SMALLEST_SQUARE = 36;

  private final BarcodeReader barcodeReader = new BarcodeReader();

  /** The codes of a tag with the outline that was detected, as x and y of its corners. */
  List<Recognized<Barcode>> find(DecodedPhoto photo, double[] outline, TagFields fields, int tag) {
    List<Recognized<Barcode>> found = List.of();
    for (int i = fields.start(tag); i < fields.end(tag); i++) {
      if (fields.kind(i) == FieldKind.BARCODE || fields.kind(i) == FieldKind.QR) {
        Optional<Barcode> code = read(photo, outline, fields, i);
        if (code.isPresent()) {
          found = found.isEmpty() ? new ArrayList<>(2) : found;
          // A code's check digit leaves little room for error; the detector's score says nothing
          // about it.
          found.add(new Recognized<>(code.get(), 0.99));
        }
      }
    }
    return found;
  }

  private Optional<Barcode> read(DecodedPhoto photo, double[] outline, TagFields fields, int i) {
    TagCanvas canvas = new TagCanvas();
    canvas.lay(outline);
    Outline place = canvas.toPhoto(withQuietZone(fields, i));
    boolean bars = fields.kind(i) == FieldKind.BARCODE;
    if (longestSide(place) < (bars ? SMALLEST_BARS : SMALLEST_SQUARE)) {
      return Optional.empty();
    }
    GrayCrop crop = photo.grayCrop(place, LARGEST_CODE);
    return bars ? barcodeReader.readBars(crop) : barcodeReader.readSquare(crop);
  }

  private static double longestSide(Outline place) {
    return Math.max(
        place.topLeft().distance(place.topRight()), place.topLeft().distance(place.bottomLeft()));
  }

  /** A code is found by the blank paper around it, which the detector's box leaves out. */
  private static Box withQuietZone(TagFields fields, int i) {
    double dx = 0.15 * (fields.right(i) - fields.left(i));
    double dy = 0.15 * (fields.bottom(i) - fields.top(i));
    return new Box(
        fields.left(i) - dx, fields.top(i) - dy, fields.right(i) + dx, fields.bottom(i) + dy);
  }
}
