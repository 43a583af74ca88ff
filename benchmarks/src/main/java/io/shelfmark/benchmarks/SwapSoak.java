package io.shelfmark.benchmarks;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.RecognizerBuilder.Precision;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.rollout.RollingRecognizer;
import io.shelfmark.inference.rollout.VersionedReading;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Does a swap every second under load lose, mix or slow down photos? Threads read close-ups while
 * the models go back and forth between fp32 and int8, which read some of them differently. Each
 * reading has to be, to the last digit, the one that its version gives alone. Prints the latencies
 * with and without swaps, and what the process holds; exits with 1 when a photo fails or is read
 * otherwise. A minute with swaps and half a one without:
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar \
 *     io.shelfmark.benchmarks.SwapSoak [SECONDS] [THREADS]</pre>
 */
public final class SwapSoak {

  private static final int PHOTOS = 12;

  private final List<ShelfPhoto> photos;
  private final Map<String, List<ShelfReading>> alone = new HashMap<>();
  private final AtomicInteger wrong = new AtomicInteger();
  private volatile boolean done;

  private SwapSoak(List<ShelfPhoto> photos) {
    this.photos = photos;
  }

  /** Seconds with swaps, 60 by default, and threads that read, 8 by default. */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 8;
    SwapSoak soak = new SwapSoak(photos());
    try (RollingRecognizer recognizer = RollingRecognizer.open("FP32 0", open(Precision.FP32))) {
      for (Precision precision : List.of(Precision.INT8, Precision.FP32)) {
        recognizer.swap(precision + " warm-up", open(precision));
        soak.alone.put(precision.name(), soak.photos.stream().map(recognizer::recognize).toList());
      }
      System.out.println(
          "%d of %d photos are read differently by the two versions"
              .formatted(soak.differing(), PHOTOS));
      System.out.println(
          "| | photos | median | p99 | longest | swaps | resident |\n|---|---|---|---|---|---|---|");
      soak.measure("without swaps", recognizer, seconds / 2, threads, 0);
      soak.measure("a swap every second", recognizer, seconds, threads, seconds);
      soak.measure("without swaps", recognizer, seconds / 2, threads, 0);
    }
    System.out.println(
        soak.wrong + " photos were lost or read otherwise than by one version alone");
    if (soak.wrong.get() > 0) {
      System.exit(1);
    }
  }

  private static Supplier<PriceTagRecognizer> open(Precision precision) {
    return PriceTagRecognizer.builder().precision(precision)::build;
  }

  private static List<ShelfPhoto> photos() {
    PhotoGenerator generator = PhotoGenerator.seeded(11).only(SceneKind.CLOSE_UP).sized(640, 853);
    List<ShelfPhoto> photos = new ArrayList<>();
    for (int i = 0; i < PHOTOS; i++) {
      photos.add(ShelfPhoto.of("photo " + i, generator.photo(i).jpeg()));
    }
    return photos;
  }

  private int differing() {
    List<ShelfReading> fp32 = alone.getOrDefault("FP32", List.of());
    List<ShelfReading> int8 = alone.getOrDefault("INT8", List.of());
    int count = 0;
    for (int i = 0; i < PHOTOS; i++) {
      count += fp32.get(i).equals(int8.get(i)) ? 0 : 1;
    }
    return count;
  }

  private void measure(
      String title, RollingRecognizer recognizer, int seconds, int threads, int swaps)
      throws Exception {
    done = false;
    ConcurrentLinkedQueue<long[]> nanos = new ConcurrentLinkedQueue<>();
    List<Thread> hosts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int first = i;
      Thread host = new Thread(() -> nanos.add(load(recognizer, first)), "host");
      host.start();
      hosts.add(host);
    }
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (int i = 1; i <= swaps; i++) {
      Precision precision = i % 2 == 0 ? Precision.FP32 : Precision.INT8;
      recognizer.swap(precision + " " + i, open(precision));
      pause(never, end - TimeUnit.SECONDS.toNanos(seconds - i) - System.nanoTime());
    }
    pause(never, end - System.nanoTime());
    done = true;
    for (Thread host : hosts) {
      host.join();
    }
    long[] sorted = nanos.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "| %s | %,d | %.1f ms | %.1f ms | %.1f ms | %d | %.0f MB |%n",
        title,
        sorted.length,
        sorted[sorted.length / 2] / 1e6,
        sorted[(int) (sorted.length * 0.99)] / 1e6,
        sorted[sorted.length - 1] / 1e6,
        swaps,
        residentKilobytes() / 1024.0);
  }

  private static void pause(CountDownLatch never, long nanos) throws InterruptedException {
    if (never.await(Math.max(0, nanos), TimeUnit.NANOSECONDS)) {
      throw new IllegalStateException("unreachable");
    }
  }

  private long[] load(RollingRecognizer recognizer, int first) {
    long[] nanos = new long[1 << 20];
    int count = 0;
    for (int i = first; !done && count < nanos.length; i = (i + 1) % PHOTOS) {
      long start = System.nanoTime();
      try {
        VersionedReading read = recognizer.recognizeVersioned(photos.get(i));
        String precision = read.version().substring(0, 4);
        if (!alone.getOrDefault(precision, List.of()).get(i).equals(read.reading())) {
          wrong.incrementAndGet();
        }
      } catch (RuntimeException e) {
        wrong.incrementAndGet();
        System.err.println(e);
      }
      nanos[count++] = System.nanoTime() - start;
    }
    return Arrays.copyOf(nanos, count);
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
