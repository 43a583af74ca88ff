package io.shelfmark.inference;

import io.shelfmark.inference.detection.FieldDetector;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.detection.TagFields;
import io.shelfmark.inference.detection.TagOutlines;
import io.shelfmark.inference.parsing.TagText;
import io.shelfmark.inference.parsing.TextReadings;
import io.shelfmark.inference.text.TextLines;
import io.shelfmark.inference.text.TextRecognizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What the stages of reading a photo hand on and nobody keeps: the one buffer in which models'
 * inputs are prepared, stage after stage, the tags and fields found, the lines to be read, where
 * those of a tag lie, what they say, all of that as one tag's, codes, and how long it took. Lent
 * out and taken back, so there are as many as photos were ever read at once, and a photo leaves no
 * garbage of its size.
 */
record Scratch(
    ByteBuffer bytes,
    TagOutlines outlines,
    TagFields fields,
    TextLines lines,
    TagLines places,
    TextReadings readings,
    TagText text,
    List<List<Recognized<Barcode>>> barcodes,
    PhotoTrace trace) {

  /** The most tags whose canvases fit. */
  static final int TAGS = 32;

  static final int SIZE =
      Math.max(
          Math.max(TagDetector.INPUT_BYTES, TextRecognizer.INPUT_BYTES),
          TAGS * FieldDetector.CANVAS_BYTES);

  /** As much as one photo at a time takes, in a recognizer of this version. */
  static Scratch make(String version) {
    TagFields fields = new TagFields();
    TextReadings readings = new TextReadings();
    return new Scratch(
        ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder()),
        new TagOutlines(),
        fields,
        new TextLines(),
        new TagLines(),
        readings,
        new TagText(fields, readings),
        new ArrayList<>(TAGS),
        new PhotoTrace(version));
  }
}
