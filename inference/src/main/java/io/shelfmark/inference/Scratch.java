package io.shelfmark.inference;

import io.shelfmark.inference.detection.FieldDetector;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.detection.TagFields;
import io.shelfmark.inference.detection.TagOutlines;
import io.shelfmark.inference.image.NativeBuffer;
import io.shelfmark.inference.parsing.TagText;
import io.shelfmark.inference.parsing.TextReadings;
import io.shelfmark.inference.text.TextLines;
import io.shelfmark.inference.text.TextRecognizer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the stages of reading a photo hand on and nobody keeps: the one buffer in which models'
 * inputs are prepared, stage after stage, the tags and fields found, the lines to be read, where
 * those of a tag lie, what they say, all of that as one tag's, codes, and how long it took. Lent
 * out and taken back, so there are as many as photos were ever read at once, and a photo leaves no
 * garbage of its size. The recognizer closes it, once neither a photo nor an engine uses it.
 */
record Scratch(
    NativeBuffer memory,
    TagOutlines outlines,
    TagFields fields,
    TextLines lines,
    TagLines places,
    TextReadings readings,
    TagText text,
    List<List<Recognized<Barcode>>> barcodes,
    PhotoTrace trace)
    implements AutoCloseable {

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
    NativeBuffer memory = new NativeBuffer();
    memory.view(SIZE);
    return new Scratch(
        memory,
        new TagOutlines(),
        fields,
        new TextLines(),
        new TagLines(),
        readings,
        new TagText(fields, readings),
        new ArrayList<>(TAGS),
        new PhotoTrace(version));
  }

  /** Where models' inputs are prepared: always the same view, which engines know again. */
  ByteBuffer bytes() {
    return memory.view();
  }

  @Override
  public void close() {
    memory.close();
  }
}
