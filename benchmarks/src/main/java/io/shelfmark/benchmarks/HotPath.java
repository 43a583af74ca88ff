package io.shelfmark.benchmarks;

import io.shelfmark.inference.ObservedRecognizer;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.RecognizerBuilder;
import io.shelfmark.inference.RecognizerBuilder.Precision;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.evaluation.Evaluation;
import io.shelfmark.inference.evaluation.Labels;
import io.shelfmark.inference.evaluation.ProgressListener;
import io.shelfmark.inference.evaluation.Ratio;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.synthetic.PhotoFolder;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How much of a photo's CPU time is the bare engine and the bare decoder, and how much is ours, in
 * fp32 and int8, with all fields and with prices alone, for photos of 0.5 to 12 megapixels?
 *
 * <p>Everything takes turns in one process, so that all share the machine's good and bad minutes;
 * medians of the one thread's CPU time. The engine's share is the photo's runs again, on the same
 * sessions with the same shapes. Codes, which ZXing reads, stand apart. Prices are those of the
 * very photo that its labels know. Prints a Markdown table:
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.HotPath \
 *     FOLDER [ROUNDS]</pre>
 *
 * <p>The folder takes the photos.
 */
public final class HotPath {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int WARM_UP_MILLIS = 4_000;

  private final PhotoDecoder decoder = new PhotoDecoder(PhotoDecoder.DEFAULT_MAX_PIXELS, 1);
  private final Path folder;
  private final int rounds;

  private HotPath(Path folder, int rounds) {
    this.folder = folder;
    this.rounds = rounds;
  }

  /** 15 rounds by default. */
  public static void main(String[] args) throws IOException {
    HotPath hotPath =
        new HotPath(Path.of(args[0]), args.length > 1 ? Integer.parseInt(args[1]) : 15);
    System.out.println(
        """
        | photo | lines | | whole | without codes | engine | decoder | both of what is without codes | prices alone | photos/s | prices right |
        |---|---|---|---|---|---|---|---|---|---|---|""");
    PhotoGenerator generator = PhotoGenerator.seeded(20);
    hotPath.measure("0.5 MP, 1 tag", generator.only(SceneKind.CLOSE_UP).sized(640, 853));
    hotPath.measure("3 MP, 8 tags", generator.sized(1536, 2048).withTags(8));
    hotPath.measure("12 MP, 32 tags", generator.sized(3000, 4000).withTags(32));
    hotPath.measure(
        "12 MP, 32 full tags", PhotoGenerator.seeded(24).sized(3000, 4000).withTags(32).fullTags());
  }

  private void measure(String name, PhotoGenerator generator) throws IOException {
    Path photos = folder.resolve(name.replaceAll("[^0-9a-zA-Z]+", "-"));
    new PhotoFolder(generator, photos).write(1, 1);
    Labels labels = Labels.read(photos.resolve("labels.jsonl"));
    byte[] jpeg = generator.photo(0).jpeg();
    for (Precision precision : List.of(Precision.FP32, Precision.INT8)) {
      measure(name, jpeg, labels, precision);
    }
  }

  private static RecognizerBuilder options(Precision precision) {
    return PriceTagRecognizer.builder().precision(precision).threads(1);
  }

  private void measure(String name, byte[] jpeg, Labels labels, Precision precision) {
    ShelfPhoto photo = ShelfPhoto.of(name, jpeg);
    try (PriceTagRecognizer whole = options(precision).build();
        ObservedRecognizer observed = ObservedRecognizer.open(options(precision));
        PriceTagRecognizer prices =
            options(precision).scope(RecognizerBuilder.Scope.PRICES).build()) {
      observed.observe(photo);
      List<Runnable> parts =
          List.of(
              () -> whole.recognize(photo),
              () -> observed.recognize(photo),
              observed::runEngine,
              () -> decoder.decode(name, jpeg, PixelFormat.GRAY).close(),
              () -> prices.recognize(photo));
      double[] millis = medians(parts);
      Ratio right = Evaluation.of(whole).run(labels, ProgressListener.none()).all().priceExact();
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %s | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.3f | %.1f ms | %.1f | %d of %d |%n",
          name,
          observed.lines(),
          precision.name().toLowerCase(Locale.ROOT),
          millis[0],
          millis[1],
          millis[2],
          millis[3],
          (millis[2] + millis[3]) / millis[1],
          millis[4],
          1000 / millis[0],
          right.right(),
          right.of());
    }
  }

  /** Milliseconds of CPU time of each part, which take turns. */
  private double[] medians(List<Runnable> parts) {
    long warm = System.nanoTime() + WARM_UP_MILLIS * 1_000_000L;
    while (System.nanoTime() < warm) {
      parts.forEach(Runnable::run);
    }
    double[][] millis = new double[parts.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int part = 0; part < parts.size(); part++) {
        long before = THREADS.getCurrentThreadCpuTime();
        parts.get(part).run();
        millis[part][round] = (THREADS.getCurrentThreadCpuTime() - before) / 1e6;
      }
    }
    return Arrays.stream(millis).mapToDouble(Median::of).toArray();
  }
}
