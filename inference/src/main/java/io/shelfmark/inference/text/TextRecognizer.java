package io.shelfmark.inference.text;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.model.InputShapes;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.model.Tensor;
import io.shelfmark.inference.parsing.TextReadings;
import io.shelfmark.internal.Pool;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.regex.Pattern;

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

  private static final int[] WIDTHS = {
    32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 480, 512, 544,
    576, 608, 640
  };

  /** The most lines that one run takes: as many of the narrowest as fit. */
  private static final int MOST_LINES = mostLines(WIDTHS[0]);

  /** The shapes it sends: lines of one width, as many as fit. */
  public static final InputShapes INPUTS =
      InputShapes.from(1, 1, HEIGHT, WIDTHS[0])
          .mostly(16, 1, HEIGHT, 192)
          .to(MOST_LINES, 1, HEIGHT, WIDTHS[WIDTHS.length - 1]);

  /** Pixels of a line's width for each column of the output. */
  private static final int STRIDE = 4;

  private static final Pattern KOPECKS = Pattern.compile("[.,]\\d\\d(?!\\d)");

  private final OnnxModel model;
  private final Alphabet alphabet;
  private final Prior names;

  private final Pool<Reader> readers = new Pool<>(Reader::new);

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
    this.alphabet = alphabet;
    this.names = new NamePrior(CharacterModel.bundled(), alphabet);
  }

  /**
   * Reads each line: adds the ways to read it to its field's readings.
   *
   * @param scratch a direct buffer of {@link #INPUT_BYTES} in native order, for this call alone
   */
  public void read(DecodedPhoto photo, TextLines lines, ByteBuffer scratch, TextReadings readings) {
    readers.with(
        reader -> {
          reader.pixels = scratch.asFloatBuffer();
          for (int bucket = 0; bucket < WIDTHS.length; bucket++) {
            reader.read(photo, lines, bucket, scratch, readings);
          }
          return readings;
        });
  }

  /** Reads the lines of one photo at a time; its memory is kept. */
  private final class Reader {
    private final CtcDecoder decoder = new CtcDecoder(alphabet, names);
    private final int[] batch = new int[MOST_LINES];
    private final long[] shape = {0, 1, HEIGHT, 0};

    /** The scratch buffer of the photo at hand, as the floats that lines are made of. */
    private FloatBuffer pixels = FloatBuffer.allocate(0);

    /** Reads the lines whose bucket it is, in as many runs as it takes. */
    void read(
        DecodedPhoto photo,
        TextLines lines,
        int bucket,
        ByteBuffer scratch,
        TextReadings readings) {
      int width = WIDTHS[bucket];
      int size = 0;
      for (int i = 0; i < lines.size(); i++) {
        if (bucket(lines.width(i)) == bucket) {
          batch[size++] = i;
        }
        if (size == mostLines(width) || (size > 0 && i == lines.size() - 1)) {
          run(photo, lines, size, width, scratch, readings);
          size = 0;
        }
      }
    }

    private void run(
        DecodedPhoto photo,
        TextLines lines,
        int size,
        int width,
        ByteBuffer scratch,
        TextReadings readings) {
      for (int i = 0; i < size; i++) {
        int line = batch[i];
        photo.warpLine(lines.quad(line), pixels, i * HEIGHT * width, lines.width(line), width);
      }
      shape[0] = size;
      shape[3] = width;
      try (Tensor output = model.run(scratch, shape)) {
        for (int i = 0; i < size; i++) {
          decode(output, i, lines, batch[i], readings);
          if (lines.kind(batch[i]) == TextLines.Kind.PRICE
              && lines.isCutOff(batch[i], photo.width(), photo.height())) {
            // Of a price that the photo's edge cuts off the readings without two decimals are not
            // the price: of 29.99 the edge leaves 29, or 2.
            readings.retain(lines.field(batch[i]), text -> KOPECKS.matcher(text).find());
          }
        }
      }
    }

    private void decode(
        Tensor output, int index, TextLines lines, int line, TextReadings readings) {
      int start = index * output.extent(1) * output.extent(2);
      // The columns on the line alone, as in training: what the network makes of the padding up
      // to the batch's width is not the line's.
      int columns = Math.min(columns(lines.width(line)), output.extent(1));
      FloatBuffer probabilities = output.floats();
      int field = lines.field(line);
      switch (lines.kind(line)) {
        case TEXT -> decoder.bestPath(probabilities, start, columns, readings, field);
        case NAME -> decoder.name(probabilities, start, columns, readings, field);
        case PRICE -> decoder.alternatives(probabilities, start, columns, readings, field);
      }
    }
  }

  private static int mostLines(int width) {
    return INPUT_BYTES / (HEIGHT * width * Float.BYTES);
  }

  /** How many columns of the output lie on a line of this width, the last one perhaps in part. */
  private static int columns(int width) {
    return (width + STRIDE - 1) / STRIDE;
  }

  /** Index of the least width that takes a line of {@code width}; of the last for wider ones. */
  private static int bucket(int width) {
    int bucket = 0;
    while (bucket < WIDTHS.length - 1 && width > WIDTHS[bucket]) {
      bucket++;
    }
    return bucket;
  }
}
