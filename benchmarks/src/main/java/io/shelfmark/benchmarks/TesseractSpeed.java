package io.shelfmark.benchmarks;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.evaluation.Evaluation;
import io.shelfmark.inference.evaluation.EvaluationPhoto;
import io.shelfmark.inference.evaluation.LabeledPhoto;
import io.shelfmark.inference.evaluation.Labels;
import io.shelfmark.inference.evaluation.PhotoReader;
import io.shelfmark.inference.evaluation.ProgressListener;
import io.shelfmark.inference.evaluation.Scores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What CPU time does a whole photo take, beside Tesseract given the same photo, and how many prices
 * are right? Both take turns, photo by photo; Tesseract's time is that of its process. Needs Linux
 * and the {@code tesseract} program with {@code rus} and {@code eng}. Prints a Markdown table:
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.TesseractSpeed \
 *     LABELS.jsonl EXTRA.jsonl [PHOTOS]</pre>
 */
public final class TesseractSpeed {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 20;

  /** Fields of Linux' /proc/self/stat behind the program's name: times of children, in ticks. */
  private static final int USER_OF_CHILDREN = 13;

  private static final double TICK_MILLIS = 10;

  private final PriceTagRecognizer recognizer;
  private final Map<String, ShelfReading> peers = new HashMap<>();
  private final List<Double> ours = new ArrayList<>();
  private final List<Double> tesseract = new ArrayList<>();
  private final List<Double> ratios = new ArrayList<>();

  private TesseractSpeed(PriceTagRecognizer recognizer) {
    this.recognizer = recognizer;
  }

  /** Reads 40 photos, evenly chosen, by default. */
  public static void main(String[] args) {
    if (args.length < 2) {
      System.err.println("Usage: TesseractSpeed LABELS.jsonl EXTRA.jsonl [PHOTOS]");
      System.exit(2);
    }
    Labels all = Labels.read(Path.of(args[0])).with(Path.of(args[1]));
    int count = args.length > 2 ? Integer.parseInt(args[2]) : 40;
    Labels some = Labels.of(evenly(all.photos(), count));
    try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
      new TesseractSpeed(recognizer).compare(some);
    }
  }

  private static List<LabeledPhoto> evenly(List<LabeledPhoto> photos, int count) {
    List<LabeledPhoto> chosen = new ArrayList<>();
    for (int i = 0; i < Math.min(count, photos.size()); i++) {
      chosen.add(photos.get(i * photos.size() / Math.min(count, photos.size())));
    }
    return chosen;
  }

  private void compare(Labels labels) {
    Evaluation.of(recognizer)
        .run(Labels.of(labels.photos().subList(0, 1)), ProgressListener.none());
    Scores own = Evaluation.of((PhotoReader) this::both).run(labels, ProgressListener.none()).all();
    PhotoReader kept = photo -> peers.getOrDefault(photo.labels().file(), empty(photo));
    Scores peer = Evaluation.of(kept).run(labels, ProgressListener.none()).all();
    System.out.println(
        """
        | a whole photo | CPU time | prices right |
        |---|---|---|""");
    print("Shelfmark", ours, own);
    print("Tesseract", tesseract, peer);
    System.out.printf(
        Locale.ROOT,
        "%nTesseract takes %.1f times as long, the median of photos.%n",
        median(ratios));
  }

  private static ShelfReading empty(EvaluationPhoto photo) {
    return new ShelfReading(photo.labels().file(), 1, 1, List.of());
  }

  private ShelfReading both(EvaluationPhoto photo) {
    if (ours.isEmpty()) {
      for (int i = 0; i < WARM_UP; i++) {
        recognizer.recognize(photo.photo());
      }
    }
    long before = THREADS.getCurrentThreadCpuTime();
    ShelfReading reading = recognizer.recognize(photo.photo());
    double took = (THREADS.getCurrentThreadCpuTime() - before) / 1e6;
    double children = millisOfChildren();
    peers.put(photo.labels().file(), TesseractBaseline.wholePhoto(photo));
    double peerTook = millisOfChildren() - children;
    ours.add(took);
    tesseract.add(peerTook);
    ratios.add(peerTook / took);
    return reading;
  }

  private static double millisOfChildren() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return TICK_MILLIS
          * (Long.parseLong(fields[USER_OF_CHILDREN])
              + Long.parseLong(fields[USER_OF_CHILDREN + 1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void print(String name, List<Double> millis, Scores scores) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f ms | %d of %d |%n",
        name,
        median(millis),
        scores.priceExact().right(),
        scores.priceExact().of());
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
