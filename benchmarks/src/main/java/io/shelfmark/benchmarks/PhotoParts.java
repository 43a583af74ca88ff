package io.shelfmark.benchmarks;

import io.shelfmark.inference.ObservedRecognizer;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.image.TagCanvas;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What do the steps between the decoder and the engine take of a shelf of 12 megapixels with 32
 * full tags, each by itself, and what does decoding in color take beside decoding in gray?
 *
 * <p>All take turns on one thread; medians of its CPU time. A step that a decoded photo remembers,
 * such as its smaller pictures, is timed on a fresh one, less the decoder's median. Lines are cut
 * as many and as wide as those of the photo's reading, from its tags in turn. Prints a Markdown
 * table:
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.PhotoParts
 * </pre>
 */
public final class PhotoParts {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 60;
  private static final int ROUNDS = 41;
  private static final int TAGS = 32;
  private static final int CANVAS = TagCanvas.WIDTH * TagCanvas.HEIGHT;
  private static final int LINE_HEIGHT = 32;
  private static final int INPUT_WIDTH = 512;
  private static final int INPUT_HEIGHT = 640;

  /** Height of a line on a tag's canvas, in pixels. */
  private static final int LINE_ON_CANVAS = 16;

  private final PhotoDecoder decoder = new PhotoDecoder(PhotoDecoder.DEFAULT_MAX_PIXELS, 3);
  private final FloatBuffer target =
      ByteBuffer.allocateDirect(TAGS * CANVAS * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
  private final byte[] jpeg;
  private final List<Outline> outlines;
  private final int[] lineWidths;
  private final double[][] lines;

  private PhotoParts(byte[] jpeg, List<Outline> outlines, int[] lineWidths) {
    this.jpeg = jpeg;
    this.outlines = outlines;
    this.lineWidths = lineWidths;
    this.lines = new double[lineWidths.length][8];
    for (int i = 0; i < lines.length; i++) {
      double width = (double) lineWidths[i] / LINE_HEIGHT * LINE_ON_CANVAS;
      double top = 24 + i / outlines.size() * (LINE_ON_CANVAS + 2) % 140;
      new TagCanvas(outlines.get(i % outlines.size()))
          .line(24, top, 24 + width, top + LINE_ON_CANVAS, lines[i]);
    }
  }

  /** Measures one photo. */
  public static void main(String[] args) {
    byte[] jpeg =
        PhotoGenerator.seeded(24).sized(3000, 4000).withTags(TAGS).fullTags().photo(0).jpeg();
    try (ObservedRecognizer recognizer = ObservedRecognizer.open()) {
      ShelfReading reading = recognizer.observe(ShelfPhoto.of("shelf", jpeg));
      List<Outline> outlines =
          reading.tags().stream()
              .map(PriceTag::detection)
              .map(detection -> detection.outline())
              .limit(TAGS)
              .toList();
      new PhotoParts(jpeg, outlines, recognizer.lineWidths()).measure();
    }
  }

  private void measure() {
    try (DecodedPhoto decoded = decode(PixelFormat.GRAY)) {
      letterbox(decoded);
      double[] millis =
          medians(
              List.of(
                  () -> decode(PixelFormat.COLOR).close(),
                  () -> decode(PixelFormat.GRAY).close(),
                  this::letterboxFresh,
                  () -> letterbox(decoded),
                  () -> cutCanvases(decoded),
                  () -> outlines.forEach(decoded::refined),
                  () -> cutLines(decoded)));
      row("decoder, color", millis[0]);
      row("decoder, gray", millis[1]);
      row("smaller pictures and the tag detector's input", millis[2] - millis[1]);
      row("that input alone", millis[3]);
      row("canvases of %d tags".formatted(outlines.size()), millis[4]);
      row("their outlines refined", millis[5]);
      row("%d lines of text cut".formatted(lines.length), millis[6]);
    }
  }

  private static void row(String part, double millis) {
    System.out.printf(Locale.ROOT, "| %s | %.2f ms |%n", part, millis);
  }

  private DecodedPhoto decode(PixelFormat format) {
    return decoder.decode("shelf", jpeg, format);
  }

  private void letterboxFresh() {
    try (DecodedPhoto fresh = decode(PixelFormat.GRAY)) {
      letterbox(fresh);
    }
  }

  private void letterbox(DecodedPhoto photo) {
    photo.letterbox(target, PixelFormat.GRAY, INPUT_WIDTH, INPUT_HEIGHT);
  }

  private void cutCanvases(DecodedPhoto photo) {
    for (int i = 0; i < outlines.size(); i++) {
      photo.rectify(outlines.get(i), target, i * CANVAS);
    }
  }

  private void cutLines(DecodedPhoto photo) {
    int at = 0;
    for (int i = 0; i < lines.length; i++) {
      int size = LINE_HEIGHT * lineWidths[i];
      at = at + size > target.capacity() ? 0 : at;
      photo.warpLine(lines[i], target, at, lineWidths[i], lineWidths[i]);
      at += size;
    }
  }

  /** Milliseconds of CPU time of each part, which take turns. */
  private static double[] medians(List<Runnable> parts) {
    double[][] millis = new double[parts.size()][ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      for (int part = 0; part < parts.size(); part++) {
        long before = THREADS.getCurrentThreadCpuTime();
        parts.get(part).run();
        if (round >= 0) {
          millis[part][round] = (THREADS.getCurrentThreadCpuTime() - before) / 1e6;
        }
      }
    }
    System.out.println("| part of a photo | CPU time |\n|---|---|");
    return Arrays.stream(millis).mapToDouble(Median::of).toArray();
  }
}
