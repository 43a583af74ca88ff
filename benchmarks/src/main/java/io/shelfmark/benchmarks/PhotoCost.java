package io.shelfmark.benchmarks;

import io.shelfmark.inference.MeteredRecognizer;
import io.shelfmark.inference.MeteredRecognizer.Cost;
import io.shelfmark.inference.MeteredRecognizer.Metered;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.image.TagCanvas;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * What does a photo cost on one core, in CPU time and in garbage, and how much of that is the bare
 * engine and the bare decoder?
 *
 * <p>CPU time of the reading thread, so other work on the machine counts little; medians; the parts
 * take turns, so that they share its good and bad minutes. Prints a Markdown table:
 *
 * <pre>java -Xmx1g -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.PhotoCost
 * </pre>
 */
public final class PhotoCost {

  private static final int TAGS = 32;

  private final PhotoDecoder decoder = new PhotoDecoder(PhotoDecoder.DEFAULT_MAX_PIXELS, 1);
  private final FloatBuffer target =
      ByteBuffer.allocateDirect(TAGS * TagCanvas.WIDTH * TagCanvas.HEIGHT * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
  private final MeteredRecognizer recognizer;

  private PhotoCost(MeteredRecognizer recognizer) {
    this.recognizer = recognizer;
  }

  /** Measures a close-up and a shelf. */
  public static void main(String[] args) {
    PhotoGenerator generator = PhotoGenerator.seeded(20);
    byte[] closeUp = generator.only(SceneKind.CLOSE_UP).sized(640, 853).photo(0).jpeg();
    byte[] shelf = generator.sized(3000, 4000).withTags(TAGS).photo(0).jpeg();
    try (MeteredRecognizer recognizer = MeteredRecognizer.open()) {
      PhotoCost cost = new PhotoCost(recognizer);
      System.out.println(
          """
          | photo | tags, lines found | whole | engine alone | decoder alone | letterbox | canvases | codes | heap beside results | of codes | results |
          |---|---|---|---|---|---|---|---|---|---|---|""");
      cost.measure("close-up, 640 x 853", closeUp, 150, 100);
      cost.measure("shelf, 3000 x 4000", shelf, 15, 21);
      cost.decoder.close();
    }
  }

  private void measure(String name, byte[] jpeg, int warmUp, int times) {
    ShelfPhoto photo = ShelfPhoto.of(name, jpeg);
    ShelfReading reading = recognizer.recognize(photo).reading();
    List<Outline> outlines =
        reading.tags().stream().map(PriceTag::detection).map(d -> d.outline()).limit(TAGS).toList();
    long[][] figures = new long[8][times];
    for (int i = -warmUp; i < times; i++) {
      int at = Math.max(0, i);
      Metered metered = recognizer.recognize(photo);
      figures[0][at] = metered.withoutCodes().nanos();
      figures[1][at] = recognizer.engine().nanos();
      figures[5][at] = metered.codes().nanos();
      figures[6][at] = metered.withoutCodes().bytes();
      figures[7][at] = metered.codes().bytes();
      figures[2][at] = nanos(() -> decode(jpeg));
      try (DecodedPhoto decoded = decoder.decode(name, jpeg)) {
        int width = decoded.width() * 640 / decoded.height() / 64 * 64 + 64;
        decoded.rectify(outlines.get(0), target, 0);
        figures[3][at] = nanos(() -> (long) decoded.letterbox(target, width, 640));
        figures[4][at] = nanos(() -> rectify(decoded, outlines));
      }
    }
    long weight = ResultWeight.of(reading);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d, %d | %.1f ms | %.1f ms | %.1f ms | %.2f ms | %.2f ms | %.1f ms | %.1f kB | %.1f kB | %.1f kB |%n",
        name,
        reading.tags().size(),
        recognizer.lines(),
        median(figures[0]) / 1e6,
        median(figures[1]) / 1e6,
        median(figures[2]) / 1e6,
        median(figures[3]) / 1e6,
        median(figures[4]) / 1e6,
        median(figures[5]) / 1e6,
        (median(figures[6]) - weight) / 1024.0,
        median(figures[7]) / 1024.0,
        weight / 1024.0);
  }

  private long decode(byte[] jpeg) {
    try (DecodedPhoto decoded = decoder.decode("photo", jpeg)) {
      return decoded.width();
    }
  }

  private long rectify(DecodedPhoto photo, List<Outline> outlines) {
    for (int i = 0; i < outlines.size(); i++) {
      photo.rectify(outlines.get(i), target, i * TagCanvas.WIDTH * TagCanvas.HEIGHT);
    }
    return outlines.size();
  }

  private static long nanos(LongSupplier work) {
    Cost before = Cost.ofThread();
    long result = work.getAsLong();
    Cost spent = Cost.ofThread().minus(before);
    return result < 0 ? -1 : spent.nanos();
  }

  private static long median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
