package io.shelfmark.inference;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shelfmark.inference.PhotoTrace.Stage;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * What watching a photo costs: CPU time and heap of the trace alone, which a shelf of 33 tags makes
 * 26 runs of the engine for, and heap of whole readings; with nobody, with meters, with a
 * recording.
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.inference.ObservationCost
 * </pre>
 */
public final class ObservationCost {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int TAGS = 33;
  private static final int RUNS = 26;
  private static final int ROUNDS = 9;
  private static final int PHOTOS = 200_000;

  private final PhotoTrace trace = new PhotoTrace("v5");
  private final ShelfPhoto photo = ShelfPhoto.of("shelf", new byte[3]);
  private final ShelfReading reading = new ShelfReading("shelf", 3000, 4000, List.of());

  private ObservationCost() {}

  /** Prints a table of the traces and one of the readings. */
  public static void main(String[] args) throws Exception {
    StageObserver meters = RecognizerMeters.of(new SimpleMeterRegistry()).observer("v5");
    meters.opened(() -> 0);
    ObservationCost cost = new ObservationCost();
    cost.print("nobody", null);
    cost.print("meters", meters);
    try (Recording recording = new Recording()) {
      recording.enable("io.shelfmark.PhotoRead");
      recording.start();
      cost.print("recording", null);
      cost.print("both", meters);
    }
    byte[] shelf = PhotoGenerator.seeded(5).withTags(6).sized(640, 832).photo(1).jpeg();
    readings("nobody", PriceTagRecognizer.builder(), shelf);
    readings(
        "meters",
        PriceTagRecognizer.builder().meters(RecognizerMeters.of(new SimpleMeterRegistry())),
        shelf);
    try (Recording recording = new Recording()) {
      recording.enable("io.shelfmark.PhotoRead");
      recording.start();
      readings("recording", PriceTagRecognizer.builder(), shelf);
    }
  }

  private void print(String name, @Nullable StageObserver observer) {
    double[] nanos = new double[ROUNDS];
    double[] bytes = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      long begin = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < PHOTOS; i++) {
        tracePhoto(observer);
      }
      nanos[round] = (THREADS.getCurrentThreadCpuTime() - begin) / (double) PHOTOS;
      bytes[round] = (THREADS.getCurrentThreadAllocatedBytes() - allocated) / (double) PHOTOS;
    }
    System.out.printf(
        "trace of a photo, %-9s %8.0f ns %8.1f bytes%n", name, median(nanos), median(bytes));
  }

  private void tracePhoto(@Nullable StageObserver observer) {
    trace.begin(observer);
    trace.end(Stage.DECODE);
    trace.end(Stage.TAGS);
    trace.end(Stage.FIELDS);
    trace.end(Stage.OUTLINES);
    if (observer != null) {
      for (int i = 0; i < RUNS; i++) {
        observer.ran(i % 3, i, i);
      }
    }
    trace.end(Stage.TEXT);
    for (int i = 0; i < TAGS; i += Scratch.TAGS) {
      trace.end(Stage.CODES);
      trace.end(Stage.PARSE);
    }
    trace.end(Stage.PARSE);
    trace.read(reading);
    trace.end(photo);
  }

  private static void readings(String name, RecognizerBuilder options, byte[] jpeg) {
    ShelfPhoto shelf = ShelfPhoto.of("shelf", jpeg);
    try (PriceTagRecognizer recognizer = options.build()) {
      for (int i = 0; i < 100; i++) {
        recognizer.recognize(shelf);
      }
      double[] bytes = new double[101];
      for (int i = 0; i < bytes.length; i++) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        recognizer.recognize(shelf);
        bytes[i] = THREADS.getCurrentThreadAllocatedBytes() - allocated;
      }
      System.out.printf("reading of a photo, %-9s %8.0f bytes%n", name, median(bytes));
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
