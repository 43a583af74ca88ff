package io.shelfmark.inference;

import io.shelfmark.inference.detection.FieldDetector;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.text.TextLines;
import io.shelfmark.inference.text.TextRecognizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the stages of reading a photo hand on and nobody keeps: the one buffer in which models'
 * inputs are prepared, stage after stage, the lines to be read, and where those of a tag lie. Lent
 * out and taken back, so there are as many as photos were ever read at once, and a photo leaves no
 * garbage of its size.
 */
record Scratch(ByteBuffer bytes, TextLines lines, TagLines places) {

  /** The most tags whose canvases fit. */
  static final int TAGS = 32;

  static final int SIZE =
      Math.max(
          Math.max(TagDetector.INPUT_BYTES, TextRecognizer.INPUT_BYTES),
          TAGS * FieldDetector.CANVAS_BYTES);

  /** As much as one photo at a time takes. */
  Scratch() {
    this(
        ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder()),
        new TextLines(),
        new TagLines());
  }
}
