package io.shelfmark.benchmarks;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Does memory stay flat over many photos? Reads small photos of several sizes again and again, and
 * prints at each tenth of the way what the process holds by {@code /proc/self/status} and what of
 * the heap is used after a collection. Exits with 1 when the last figure is more than 5 % above
 * that of the second tenth: the first is warm-up. Seven minutes for the default of 10,000 photos:
 *
 * <pre>java -Xms256m -Xmx256m -cp benchmarks/target/shelfmark-benchmarks.jar \
 *     io.shelfmark.benchmarks.MemorySoak [PHOTOS]</pre>
 */
public final class MemorySoak {

  private static final int PARTS = 10;
  private static final double ALLOWED_GROWTH = 1.05;

  private MemorySoak() {}

  /** Reads as many photos as the first argument says. */
  public static void main(String[] args) throws IOException {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    List<ShelfPhoto> photos = photos();
    long settled = 0;
    long last = 0;
    System.out.println("| photos | resident | heap used |\n|---|---|---|");
    try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
      for (int i = 1; i <= count; i++) {
        recognizer.recognize(photos.get(i % photos.size()));
        if (i % Math.max(1, count / PARTS) == 0) {
          System.gc();
          last = residentKilobytes();
          settled = i <= 2 * count / PARTS ? last : settled;
          Runtime runtime = Runtime.getRuntime();
          System.out.printf(
              Locale.ROOT,
              "| %,d | %.1f MB | %.1f MB |%n",
              i,
              last / 1024.0,
              (runtime.totalMemory() - runtime.freeMemory()) / 1024.0 / 1024.0);
        }
      }
    }
    if (last > ALLOWED_GROWTH * settled) {
      System.err.println("Memory grows");
      System.exit(1);
    }
  }

  private static List<ShelfPhoto> photos() {
    PhotoGenerator generator = PhotoGenerator.seeded(7);
    int[][] sizes = {{640, 853}, {480, 640}, {853, 640}, {320, 240}};
    List<ShelfPhoto> photos = new ArrayList<>();
    for (int i = 0; i < 2 * sizes.length; i++) {
      int[] size = sizes[i % sizes.length];
      byte[] jpeg = generator.only(SceneKind.CLOSE_UP).sized(size[0], size[1]).photo(i).jpeg();
      photos.add(ShelfPhoto.of("photo " + i, jpeg));
    }
    return photos;
  }

  private static long residentKilobytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("Cannot read resident memory: found no VmRSS in /proc/self/status");
  }
}
