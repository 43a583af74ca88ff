package io.shelfmark.inference.text;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.TagCanvas;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.model.Tensor;
import io.shelfmark.inference.parsing.TextReading;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads lines of text. Each line is warped straight from the photo to a height of {@link #HEIGHT}
 * pixels; the lines of a photo go through the network in one run per width. Thread-safe; owns
 * nothing.
 */
public final class TextRecognizer {

  /** Height of a line in pixels. */
  public static final int HEIGHT = 32;

  /** Bytes of the largest batch. */
  public static final int INPUT_BYTES = 32 * HEIGHT * 640 * Float.BYTES;

  private static final int[] WIDTHS = {32, 64, 96, 128, 192, 256, 320, 384, 512, 640};
  private static final int PRICE_STRETCH = 2;

  /** Pixels of a line's width for each column of the output. */
  private static final int STRIDE = 4;

  private final OnnxModel model;
  private final CtcDecoder decoder;

  /**
   * A recognizer on {@code model}, which stays the caller's and writes {@code alphabet}. Names are
   * weighed by the bundled model of their spelling; characters that it does not know, it neither
   * prefers nor avoids.
   *
   * @throws ModelException when {@code model} does not keep a text recognizer's contract
   */
  public TextRecognizer(OnnxModel model, Alphabet alphabet) {
    model.requireContract(
        new long[] {1, 1, HEIGHT, WIDTHS[0]},
        new long[] {1, columns(WIDTHS[0]), alphabet.classes()});
    this.model = model;
    this.decoder = new CtcDecoder(alphabet, new NamePrior(CharacterModel.bundled(), alphabet));
  }

  /**
   * The ways to read each line, in the order of {@code lines}, the likeliest first; none for a line
   * without text.
   *
   * @param scratch a direct buffer of {@link #INPUT_BYTES} in native order, for this call alone
   */
  public List<List<TextReading>> read(
      DecodedPhoto photo, List<TextLine> lines, ByteBuffer scratch) {
    Map<Integer, List<Integer>> byWidth = new TreeMap<>();
    int[] widths = new int[lines.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(lines.get(i));
      byWidth.computeIfAbsent(bucket(widths[i]), width -> new ArrayList<>()).add(i);
    }
    List<List<TextReading>> readings =
        new ArrayList<>(Collections.nCopies(widths.length, List.of()));
    byWidth.forEach(
        (width, members) -> {
          int most = INPUT_BYTES / (HEIGHT * width * Float.BYTES);
          for (int from = 0; from < members.size(); from += most) {
            List<Integer> batch = members.subList(from, Math.min(members.size(), from + most));
            readBatch(photo, lines, batch, widths, width, scratch, readings);
          }
        });
    return readings;
  }

  private void readBatch(
      DecodedPhoto photo,
      List<TextLine> lines,
      List<Integer> batch,
      int[] widths,
      int width,
      ByteBuffer scratch,
      List<List<TextReading>> readings) {
    FloatBuffer pixels = scratch.asFloatBuffer();
    for (int i = 0; i < batch.size(); i++) {
      int line = batch.get(i);
      photo.warpLine(lines.get(line).quad(), pixels, i * HEIGHT * width, widths[line], width);
    }
    try (Tensor output = model.run(scratch, batch.size(), 1, HEIGHT, width)) {
      FloatBuffer probabilities = output.floats();
      int length = output.extent(1) * output.extent(2);
      for (int i = 0; i < batch.size(); i++) {
        int line = batch.get(i);
        // The columns on the line alone, as in training: what the network makes of the padding up
        // to the batch's width is not the line's.
        int columns = Math.min(columns(widths[line]), output.extent(1));
        readings.set(line, decode(lines.get(line).kind(), probabilities, i * length, columns));
      }
    }
  }

  private List<TextReading> decode(
      TextLine.Kind kind, FloatBuffer probabilities, int start, int columns) {
    return switch (kind) {
      case TEXT -> decoder.bestPath(probabilities, start, columns);
      case NAME -> decoder.name(probabilities, start, columns);
      case PRICE -> decoder.alternatives(probabilities, start, columns);
    };
  }

  private static int width(TextLine line) {
    int width = TagCanvas.lineWidth(line.quad());
    return line.kind() == TextLine.Kind.PRICE
        ? Math.min(PRICE_STRETCH * width, TagCanvas.MAX_LINE_WIDTH)
        : width;
  }

  /** How many columns of the output lie on a line of this width, the last one perhaps in part. */
  private static int columns(int width) {
    return (width + STRIDE - 1) / STRIDE;
  }

  private static int bucket(int width) {
    for (int bucket : WIDTHS) {
      if (width <= bucket) {
        return bucket;
      }
    }
    return WIDTHS[WIDTHS.length - 1];
  }
}
