package io.shelfmark.benchmarks;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.RecognizerBuilder.Precision;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How much CPU time does int8 save on a photo, and what of it does the automatic choice? The
 * recognizers take turns, so that they share the machine's good and bad minutes; medians of the
 * reading thread's CPU time. Prints a Markdown table:
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.PrecisionCost
 * </pre>
 */
public final class PrecisionCost {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private PrecisionCost() {}

  /** Measures a close-up and a shelf. */
  public static void main(String[] args) {
    PhotoGenerator generator = PhotoGenerator.seeded(20);
    byte[] closeUp = generator.only(SceneKind.CLOSE_UP).sized(640, 853).photo(0).jpeg();
    byte[] shelf = generator.sized(3000, 4000).withTags(32).photo(0).jpeg();
    try (PriceTagRecognizer fp32 = open(Precision.FP32);
        PriceTagRecognizer int8 = open(Precision.INT8);
        PriceTagRecognizer auto = open(Precision.AUTO)) {
      System.out.println(
          """
          | photo | fp32 | int8 | int8 of fp32 | auto | auto of fp32 |
          |---|---|---|---|---|---|""");
      List<PriceTagRecognizer> all = List.of(fp32, int8, auto);
      measure(all, ShelfPhoto.of("close-up, 640 x 853", closeUp), 60, 60);
      measure(all, ShelfPhoto.of("shelf, 3000 x 4000", shelf), 5, 15);
    }
  }

  private static PriceTagRecognizer open(Precision precision) {
    return PriceTagRecognizer.builder().precision(precision).build();
  }

  private static void measure(
      List<PriceTagRecognizer> recognizers, ShelfPhoto photo, int warmUp, int times) {
    long[][] nanos = new long[recognizers.size()][times];
    for (int i = -warmUp; i < times; i++) {
      for (int j = 0; j < nanos.length; j++) {
        nanos[j][Math.max(0, i)] = nanos(recognizers.get(j), photo);
      }
    }
    double fp32 = median(nanos[0]) / 1e6;
    double int8 = median(nanos[1]) / 1e6;
    double auto = median(nanos[2]) / 1e6;
    System.out.printf(
        Locale.ROOT,
        "| %s | %.1f ms | %.1f ms | %.0f %% | %.1f ms | %.0f %% |%n",
        photo.name(),
        fp32,
        int8,
        100 * int8 / fp32,
        auto,
        100 * auto / fp32);
  }

  private static long nanos(PriceTagRecognizer recognizer, ShelfPhoto photo) {
    long before = THREADS.getCurrentThreadCpuTime();
    recognizer.recognize(photo);
    return THREADS.getCurrentThreadCpuTime() - before;
  }

  private static long median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
