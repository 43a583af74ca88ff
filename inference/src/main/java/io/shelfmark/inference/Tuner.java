package io.shelfmark.inference;

import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.batching.StagePolicy;
import io.shelfmark.inference.batching.Tuning;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Finds the policy that does most on this machine within a time. All candidates get one round, the
 * better half of them another one, and so on (successive halving: Jamieson and Talwalkar, 2016), so
 * that most of the time goes to those that are close to each other. Not thread-safe.
 */
final class Tuner {

  /** Fewer photos a second by less than that are a matter of chance. */
  private static final double TIE = 0.97;

  private static final int ROUNDS = 3;

  private static final Duration SHORT_DELAY = Duration.ofMillis(1);

  /** Runs the engine as a policy says. */
  @FunctionalInterface
  interface Bench {
    /** Does photos' runs for about so long, at least one. */
    TuningTrial.Run run(BatchPolicy policy, Duration time);
  }

  /** Of the time, what is left for photos that are under way when it is over. */
  private static final double MARGIN = 0.05;

  private final Bench bench;
  private final LongSupplier clock;
  private final long end;
  private final long budget;

  /**
   * A tuner whose time begins now.
   *
   * @param clock in nanoseconds
   */
  Tuner(Bench bench, Duration atMost, LongSupplier clock) {
    this.bench = bench;
    this.clock = clock;
    this.budget = (long) ((1 - MARGIN) * atMost.toNanos());
    this.end = clock.getAsLong() + budget;
  }

  /** What {@code options} do best, as it was measured before or, within the time, is now. */
  static Tuning tune(RecognizerBuilder options, Path folder, Duration atMost) {
    long begin = System.nanoTime();
    TuningFile file = new TuningFile(folder, Circumstances.of(options));
    Optional<Tuning> known = file.read();
    if (known.isPresent()) {
      return known.get();
    }
    try (LocalRecognizer recognizer = LocalRecognizer.open(options, new CodeFinder())) {
      Duration rest = atMost.minusNanos(System.nanoTime() - begin);
      List<TuningTrial> trials =
          new Tuner(recognizer.runs(), rest, System::nanoTime)
              .measure(candidates(Runtime.getRuntime().availableProcessors()));
      Tuning tuning =
          new Tuning(
              best(trials),
              trials.stream().map(TuningTrial::candidate).toList(),
              Instant.now(),
              file.path());
      file.write(tuning);
      return tuning;
    }
  }

  /** What is tried on a machine with so many processors. */
  static List<BatchPolicy> candidates(int processors) {
    int lanes = Math.min(2, processors);
    int many = Math.min(256, 4 * processors);
    BatchPolicy large = BatchPolicy.batched(many, lanes, 16);
    List<BatchPolicy> candidates = new ArrayList<>();
    candidates.add(BatchPolicy.unbatched(processors));
    candidates.add(BatchPolicy.unbatched(2 * processors));
    if (processors >= 4) {
      candidates.add(BatchPolicy.unbatched(processors / 2));
    }
    candidates.add(BatchPolicy.batched(2 * processors, processors, 4));
    candidates.add(large);
    candidates.add(
        new BatchPolicy(
            many, delayed(large.photos()), delayed(large.tags()), delayed(large.lines())));
    return candidates;
  }

  private static StagePolicy delayed(StagePolicy stage) {
    return new StagePolicy(stage.lanes(), stage.maxBatch(), SHORT_DELAY);
  }

  /** Measures; those for which there was no time are left out, but never the first one. */
  List<TuningTrial> measure(List<BatchPolicy> candidates) {
    List<TuningTrial> trials = candidates.stream().map(TuningTrial::new).toList();
    List<TuningTrial> left = trials;
    // what is paid once, by whoever comes first
    bench.run(candidates.get(0), Duration.ofNanos(1));
    for (int round = 0; round < ROUNDS; round++) {
      long slice = budget / ROUNDS / left.size();
      for (TuningTrial trial : left) {
        long rest = end - clock.getAsLong();
        if (rest > Math.max(0, slice / 2) || !trials.get(0).isMeasured()) {
          long nanos = Math.max(1, Math.min(slice, rest));
          trial.add(bench.run(trial.policy(), Duration.ofNanos(nanos)));
        }
      }
      left =
          left.stream()
              .filter(TuningTrial::isMeasured)
              .sorted(Comparator.comparingDouble(TuningTrial::photosPerSecond).reversed())
              .limit(Math.max(2, (left.size() + 1) / 2))
              .toList();
    }
    return trials.stream().filter(TuningTrial::isMeasured).toList();
  }

  /** Of those that do about the most, the one that keeps its callers waiting least. */
  static BatchPolicy best(List<TuningTrial> trials) {
    double most = trials.stream().mapToDouble(TuningTrial::photosPerSecond).max().orElse(0);
    return trials.stream()
        .filter(trial -> trial.photosPerSecond() >= TIE * most)
        .min(Comparator.comparing(TuningTrial::slowest))
        .orElseThrow()
        .policy();
  }
}
