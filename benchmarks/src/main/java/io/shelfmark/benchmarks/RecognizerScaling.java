package io.shelfmark.benchmarks;

import io.shelfmark.inference.DeadlineException;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What does one recognizer read with 1, N and 4N host threads on N cores, beside N loops that share
 * nothing, each with a recognizer of its own? And how long after its deadline does a caller know
 * when there are four callers a core, one that waits in a call and one that waits for a future?
 * Beside both, threads that only sleep tell how late the machine itself wakes one. The kinds take
 * turns, medians of the rounds are printed.
 *
 * <pre>java -Xmx1g -cp benchmarks/target/shelfmark-benchmarks.jar \
 *     io.shelfmark.benchmarks.RecognizerScaling [ROUNDS [SECONDS]]</pre>
 */
public final class RecognizerScaling {

  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final Duration slice;
  private final List<ShelfPhoto> photos = new ArrayList<>();

  private RecognizerScaling(Duration slice) {
    this.slice = slice;
    PhotoGenerator generator = PhotoGenerator.seeded(20).withTags(8).sized(1200, 1600);
    for (int i = 0; i < 4; i++) {
      photos.add(ShelfPhoto.of("photo " + i, generator.photo(i).jpeg()));
    }
  }

  /** Photos of one slice and the nanoseconds of each, sorted. */
  private record Slice(double perSecond, List<Long> nanos) {
    double millis(double share) {
      return nanos.get((int) Math.ceil(share * nanos.size()) - 1) / 1e6;
    }
  }

  /** Five rounds of five seconds by default. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    new RecognizerScaling(Duration.ofSeconds(seconds)).run(rounds);
  }

  private void run(int rounds) throws Exception {
    List<PriceTagRecognizer> own = new ArrayList<>();
    for (int i = 0; i < CORES; i++) {
      own.add(PriceTagRecognizer.builder().threads(1).build());
    }
    List<Slice> one = new ArrayList<>();
    List<Slice> bare = new ArrayList<>();
    List<Slice> cores = new ArrayList<>();
    List<Slice> crowd = new ArrayList<>();
    Lateness calls = new Lateness();
    Lateness futures = new Lateness();
    try (PriceTagRecognizer shared = PriceTagRecognizer.open()) {
      List<PriceTagRecognizer> alone = List.of(shared);
      read(Collections.nCopies(CORES, shared));
      read(own);
      for (int round = 0; round < rounds; round++) {
        one.add(read(alone));
        bare.add(read(own));
        cores.add(read(Collections.nCopies(CORES, shared)));
        crowd.add(read(Collections.nCopies(4 * CORES, shared)));
        missDeadlines(shared::recognize, calls);
        missDeadlines((photo, options) -> await(shared, photo, options), futures);
      }
    } finally {
      own.forEach(PriceTagRecognizer::close);
    }
    System.out.println("| | photos/s | p50 | p99 | p99 of p50 |\n|---|---|---|---|---|");
    print("1 thread", one);
    print(CORES + " loops, a recognizer each", bare);
    print(CORES + " threads", cores);
    print(4 * CORES + " threads", crowd);
    System.out.printf(
        Locale.ROOT,
        "%n%d threads of one thread times cores: %.3f; of loops of their own: %.3f; %d threads of %d: %.3f%n",
        CORES,
        rate(cores) / (CORES * rate(one)),
        rate(cores) / rate(bare),
        4 * CORES,
        CORES,
        rate(crowd) / rate(cores));
    System.out.printf(
        Locale.ROOT,
        "%n| %d threads miss deadlines | foreseen | others | p50 | p90 | p99 | most |%n|---|---|---|---|---|---|---|%n",
        4 * CORES);
    printLateness("told in a call", calls.told());
    printLateness("a thread that only sleeps beside them", calls.slept());
    printLateness("told by a future", futures.told());
    printLateness("a thread that only sleeps beside them", futures.slept());
  }

  /** Milliseconds after a deadline at which a caller knew, or a thread that slept till then ran. */
  private record Lateness(List<Double> told, List<Double> slept) {
    Lateness() {
      this(new ArrayList<>(), Collections.synchronizedList(new ArrayList<>()));
    }
  }

  /** Reads one photo, or says why not. */
  private interface Reading {
    void read(ShelfPhoto photo, ReadOptions options);
  }

  private static void await(PriceTagRecognizer recognizer, ShelfPhoto photo, ReadOptions options) {
    try {
      recognizer.recognizeAsync(photo, options).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** A thread for each recognizer. */
  private Slice read(List<PriceTagRecognizer> recognizers) throws Exception {
    long begin = System.nanoTime();
    long end = begin + slice.toNanos();
    List<Callable<List<Long>>> tasks = new ArrayList<>();
    for (int i = 0; i < recognizers.size(); i++) {
      PriceTagRecognizer recognizer = recognizers.get(i);
      int first = i;
      tasks.add(() -> read(recognizer, first, end));
    }
    List<Long> nanos = gather(tasks).stream().sorted().toList();
    return new Slice(nanos.size() * 1e9 / (System.nanoTime() - begin), nanos);
  }

  private List<Long> read(PriceTagRecognizer recognizer, int first, long end) {
    List<Long> nanos = new ArrayList<>();
    long now = System.nanoTime();
    for (int i = first; end - now > 0; i++) {
      recognizer.recognize(photos.get(i % photos.size()));
      long then = System.nanoTime();
      nanos.add(then - now);
      now = then;
    }
    return nanos;
  }

  /** Four callers a core, and a sleeper a core. */
  private void missDeadlines(Reading reading, Lateness lateness) throws Exception {
    long end = System.nanoTime() + slice.toNanos();
    Callable<List<Double>> sleeper =
        () -> {
          List<Double> late = new ArrayList<>();
          while (end - System.nanoTime() > 0) {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20 + late.size() % 30);
            while (until - System.nanoTime() > 0) {
              LockSupport.parkNanos(until - System.nanoTime());
            }
            late.add((System.nanoTime() - until) / 1e6);
          }
          lateness.slept().addAll(late);
          return List.of();
        };
    Callable<List<Double>> caller =
        () -> {
          List<Double> late = new ArrayList<>();
          while (end - System.nanoTime() > 0) {
            Duration time = Duration.ofMillis(20 + late.size() % 30);
            long deadline = System.nanoTime() + time.toNanos();
            try {
              reading.read(photos.get(0), ReadOptions.interactive().within(time));
            } catch (DeadlineException e) {
              late.add((System.nanoTime() - deadline) / 1e6);
            }
          }
          return late;
        };
    List<Callable<List<Double>>> tasks = new ArrayList<>(Collections.nCopies(4 * CORES, caller));
    tasks.addAll(Collections.nCopies(CORES, sleeper));
    lateness.told().addAll(gather(tasks));
  }

  private static <V> List<V> gather(List<Callable<List<V>>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<V> all = new ArrayList<>();
      for (Future<List<V>> done : threads.invokeAll(tasks)) {
        all.addAll(done.get());
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  private static void printLateness(String kind, List<Double> lateness) {
    double[] late =
        lateness.stream().mapToDouble(Double::doubleValue).filter(ms -> ms >= 0).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %.2f ms | %.2f ms | %.2f ms | %.2f ms |%n",
        kind,
        lateness.size() - late.length,
        late.length,
        late[late.length / 2],
        late[(int) Math.ceil(0.9 * late.length) - 1],
        late[(int) Math.ceil(0.99 * late.length) - 1],
        late[late.length - 1]);
  }

  private static double rate(List<Slice> slices) {
    return median(slices.stream().mapToDouble(Slice::perSecond).toArray());
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static void print(String kind, List<Slice> slices) {
    double middle = median(slices.stream().mapToDouble(each -> each.millis(0.5)).toArray());
    double slowest = median(slices.stream().mapToDouble(each -> each.millis(0.99)).toArray());
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.1f ms | %.1f ms | %.2f |%n",
        kind,
        rate(slices),
        middle,
        slowest,
        slowest / middle);
  }
}
