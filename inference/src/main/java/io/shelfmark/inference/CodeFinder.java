package io.shelfmark.inference;

import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagField;
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

  private final BarcodeReader barcodeReader = new BarcodeReader();

  List<Recognized<Barcode>> find(DecodedPhoto photo, Outline outline, List<TagField> fields) {
    List<Recognized<Barcode>> found = List.of();
    for (TagField field : fields) {
      if (field.kind() == FieldKind.BARCODE || field.kind() == FieldKind.QR) {
        Outline place = new TagCanvas(outline).toPhoto(withQuietZone(field.box()));
        GrayCrop crop = photo.grayCrop(place, LARGEST_CODE);
        Optional<Barcode> code = barcodeReader.read(crop);
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

  /** A code is found by the blank paper around it, which the detector's box leaves out. */
  private static Box withQuietZone(Box box) {
    double dx = 0.15 * box.width();
    double dy = 0.15 * box.height();
    return new Box(box.left() - dx, box.top() - dy, box.right() + dx, box.bottom() + dy);
  }
}
