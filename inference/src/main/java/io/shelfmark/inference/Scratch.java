package io.shelfmark.inference;

import io.shelfmark.inference.detection.FieldDetector;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.text.TextLines;
import io.shelfmark.inference.text.TextRecognizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What the stages of reading a photo hand on and nobody keeps: the one buffer in which models'
 * inputs are prepared, stage after stage, and the lines to be read. Lent out and taken back, so
 * there are as many as photos were ever read at once, and a photo leaves no garbage of its size.
 */
record Scratch(ByteBuffer bytes, TextLines lines) {

  /** The most tags whose canvases fit. */
  static final int TAGS = 32;

  static final int SIZE =
      Math.max(
          Math.max(TagDetector.INPUT_BYTES, TextRecognizer.INPUT_BYTES),
          TAGS * FieldDetector.CANVAS_BYTES);

  /**
   * Lends scratch memory. Thread-safe; the garbage collector frees what is lent back once the pool
   * is gone.
   */
  static final class Pool {
    private final ConcurrentLinkedQueue<Scratch> idle = new ConcurrentLinkedQueue<>();

    Scratch borrow() {
      Scratch scratch = idle.poll();
      return scratch != null
          ? scratch
          : new Scratch(
              ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder()), new TextLines());
    }

    void giveBack(Scratch scratch) {
      idle.add(scratch);
    }
  }
}
