package io.shelfmark.benchmarks;

import io.shelfmark.inference.DeadlineException;
import io.shelfmark.inference.OverloadException;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.RecognizerBuilder;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.batching.BatcherTrouble;
import io.shelfmark.inference.batching.WhenFull;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Does the recognizer stay right and whole under trouble? Each scenario prints one line and the
 * process exits with 1 when a caller got another's answer, got none, or a thread or memory was left
 * over. Without names all scenarios run:
 *
 * <ul>
 *   <li>{@code OVERLOAD}: ten times as many photos as it can read for so many seconds, with
 *       deadlines and a queue that rejects.
 *   <li>{@code BATCHED}: four callers a core on a recognizer that puts their runs together.
 *   <li>{@code OPEN_CLOSE}: 32 threads that open recognizers, read, and close them.
 *   <li>{@code FAILING_ENGINE}, {@code INTERRUPTED}, {@code OPEN_CLOSE_BATCHERS}: the batcher alone
 *       on an engine that throws on every hundredth batch, under callers that are interrupted, and
 *       opened and closed by 32 threads.
 * </ul>
 *
 * <pre>java -Xmx1g -cp benchmarks/target/shelfmark-benchmarks.jar \
 *     io.shelfmark.benchmarks.RecognizerSoak [SECONDS [SCENARIO...]]</pre>
 */
public final class RecognizerSoak {

  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final int PHOTOS = 5;
  private static final int ROUNDS = 30;
  private static final double ALLOWED_GROWTH = 1.1;

  private final Duration time;
  private final List<ShelfPhoto> photos = new ArrayList<>();
  private final List<ShelfReading> readings = new ArrayList<>();
  private boolean failed;

  private enum Scenario {
    OVERLOAD,
    BATCHED,
    OPEN_CLOSE,
    FAILING_ENGINE,
    INTERRUPTED,
    OPEN_CLOSE_BATCHERS
  }

  private RecognizerSoak(Duration time) {
    this.time = time;
    PhotoGenerator generator = PhotoGenerator.seeded(31).withTags(3).sized(480, 640);
    for (int i = 0; i < PHOTOS; i++) {
      photos.add(ShelfPhoto.of("photo " + i, generator.photo(i).jpeg()));
    }
    try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
      photos.forEach(photo -> readings.add(recognizer.recognize(photo)));
    }
  }

  /** A minute for each timed scenario by default. */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
    RecognizerSoak soak = new RecognizerSoak(Duration.ofSeconds(seconds));
    for (Scenario scenario : Scenario.values()) {
      if (args.length < 2 || List.of(args).contains(scenario.name())) {
        soak.run(scenario);
      }
    }
    System.exit(soak.failed ? 1 : 0);
  }

  private void run(Scenario scenario) throws Exception {
    switch (scenario) {
      case OVERLOAD -> overload();
      case BATCHED -> batched();
      case OPEN_CLOSE -> openAndClose();
      case FAILING_ENGINE ->
          tell(scenario, BatcherTrouble.failingEngine(16, 1_000 * (int) time.toSeconds()));
      case INTERRUPTED ->
          tell(scenario, BatcherTrouble.interruptedCallers(16, 200 * (int) time.toSeconds()));
      case OPEN_CLOSE_BATCHERS ->
          tell(scenario, BatcherTrouble.openingAndClosing(32, 50 * (int) time.toSeconds()));
    }
  }

  private void tell(Scenario scenario, BatcherTrouble.Outcome outcome) {
    check(outcome.wrong() == 0 && outcome.threadsLeft() == 0);
    print(
        "%s: %,d answered, %,d failed, %d wrong, %d threads left",
        scenario, outcome.answered(), outcome.failed(), outcome.wrong(), outcome.threadsLeft());
  }

  /** What callers of one scenario met. */
  private final class Tally {
    final AtomicLong asked = new AtomicLong();
    final AtomicLong read = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong late = new AtomicLong();
    final AtomicLong wrong = new AtomicLong();
    final AtomicLong latest = new AtomicLong();

    void take(int photo, CompletableFuture<ShelfReading> pending, long deadline) {
      asked.incrementAndGet();
      try {
        (pending.get().equals(readings.get(photo)) ? read : wrong).incrementAndGet();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof OverloadException) {
          refused.incrementAndGet();
        } else if (e.getCause() instanceof DeadlineException) {
          late.incrementAndGet();
          latest.accumulateAndGet(System.nanoTime() - deadline, Math::max);
        } else {
          wrong.incrementAndGet();
        }
      } catch (InterruptedException e) {
        wrong.incrementAndGet();
      }
    }
  }

  private void overload() throws Exception {
    RecognizerBuilder builder =
        PriceTagRecognizer.builder().queue(4 * CORES).whenFull(WhenFull.REJECT);
    Tally tally = new Tally();
    long capacity;
    try (PriceTagRecognizer recognizer = builder.build()) {
      capacity = photoNanos(recognizer);
      Duration deadline = Duration.ofNanos(4 * capacity);
      // ten times as many photos as the cores can read: so many callers, so long from one to the
      // next of each
      int callers = 20 * CORES;
      long pause = capacity * callers / CORES / 10;
      together(
          callers,
          caller -> {
            int photo = caller % PHOTOS;
            long until = System.nanoTime() + deadline.toNanos();
            ReadOptions options = ReadOptions.interactive().within(deadline);
            tally.take(photo, recognizer.recognizeAsync(photos.get(photo), options), until);
            long left = until - deadline.toNanos() + pause - System.nanoTime();
            LockSupport.parkNanos(left);
          });
    }
    check(tally.wrong.get() == 0 && tally.refused.get() > 0 && threads() == 0);
    print(
        "OVERLOAD: %,d asked in %d s, %,d read (%.1f/s; one core does %.1f/s), %,d refused, %,d late, told at most %.1f ms after their deadline, %d wrong, %d threads left, %s",
        tally.asked.get(),
        time.toSeconds(),
        tally.read.get(),
        tally.read.get() / (double) time.toSeconds(),
        1e9 / capacity,
        tally.refused.get(),
        tally.late.get(),
        tally.latest.get() / 1e6,
        tally.wrong.get(),
        threads(),
        resident());
  }

  /** What one photo takes when nothing else is read. */
  private long photoNanos(PriceTagRecognizer recognizer) {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 4; round++) {
      long begin = System.nanoTime();
      photos.forEach(recognizer::recognize);
      best = Math.min(best, (System.nanoTime() - begin) / PHOTOS);
    }
    return best;
  }

  private void batched() throws Exception {
    AtomicLong read = new AtomicLong();
    AtomicLong wrong = new AtomicLong();
    try (PriceTagRecognizer recognizer =
        PriceTagRecognizer.builder().batching(BatchPolicy.batched(CORES, CORES, 4)).build()) {
      together(
          4 * CORES,
          caller -> {
            int photo = caller % PHOTOS;
            ShelfReading reading = recognizer.recognize(photos.get(photo));
            (sameTags(reading, readings.get(photo)) ? read : wrong).incrementAndGet();
          });
    }
    check(wrong.get() == 0 && threads() == 0);
    print(
        "BATCHED: %,d read in %d s, %d wrong, %d threads left, %s",
        read.get(), time.toSeconds(), wrong.get(), threads(), resident());
  }

  /** Sums in another order make a score's last digits another's: what is read must be the same. */
  private static boolean sameTags(ShelfReading a, ShelfReading b) {
    return words(a).equals(words(b));
  }

  private static List<String> words(ShelfReading reading) {
    return reading.tags().stream()
        .map(
            tag ->
                tag.price().map(price -> price.value().toString()).orElse("")
                    + tag.name().map(name -> name.value()).orElse(""))
        .toList();
  }

  private void openAndClose() throws Exception {
    AtomicLong opened = new AtomicLong();
    AtomicLong wrong = new AtomicLong();
    List<Long> resident = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        int photo = i % PHOTOS;
        Thread thread =
            new Thread(
                () -> {
                  try (PriceTagRecognizer recognizer =
                      PriceTagRecognizer.builder().threads(1).build()) {
                    ShelfReading reading = recognizer.recognizeAsync(photos.get(photo)).join();
                    (reading.equals(readings.get(photo)) ? opened : wrong).incrementAndGet();
                  } catch (RuntimeException e) {
                    wrong.incrementAndGet();
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      System.gc();
      resident.add(residentMegabytes());
    }
    // single rounds differ by a hundred megabytes, as the native heaps of so many threads happen
    double before = Median.of(megabytes(resident.subList(0, ROUNDS / 2)));
    double after = Median.of(megabytes(resident.subList(ROUNDS / 2, ROUNDS)));
    check(wrong.get() == 0 && threads() == 0 && after < ALLOWED_GROWTH * before);
    print(
        "OPEN_CLOSE: %d opened and closed by 32 threads at once, %d wrong, %d threads left, resident after each 32: %s MB",
        opened.get(), wrong.get(), threads(), resident);
  }

  private static double[] megabytes(List<Long> values) {
    return values.stream().mapToDouble(Long::doubleValue).toArray();
  }

  /** What one caller does again and again. */
  private interface Turn {
    void run(int caller) throws Exception;
  }

  private void together(int callers, Turn turn) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    List<Exception> failures = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      int caller = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (end - System.nanoTime() > 0) {
                    turn.run(caller);
                  }
                } catch (Exception e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }

  /** Of ours, once those that end have had a moment. */
  private static long threads() throws InterruptedException {
    long left = ours();
    for (int i = 0; i < 100 && left > 0; i++) {
      Thread.sleep(20);
      left = ours();
    }
    return left;
  }

  private static long ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread.getName().equals("shelfmark-recognizer")
                    || thread.getName().equals("shelfmark-network")
                    || thread.getName().equals("shelfmark-deadlines"))
        .count();
  }

  private static String resident() throws IOException {
    return "resident " + residentMegabytes() + " MB";
  }

  private static long residentMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("Cannot read resident memory: found no VmRSS in /proc/self/status");
  }

  private void check(boolean right) {
    failed |= !right;
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
