package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.batching.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TunerTest {

  private static final Comparator<BatchPolicy> BY_THREADS =
      Comparator.comparingInt(BatchPolicy::threads);

  @TempDir Path folder;

  /** Does photos in no time but that of its own clock: so many a second, each in so many millis. */
  private record Rigged(Map<BatchPolicy, long[]> figures, AtomicLong clock, List<BatchPolicy> run)
      implements Tuner.Bench {

    @Override
    public TuningTrial.Run run(BatchPolicy policy, Duration time) {
      run.add(policy);
      long rate = figures.get(policy)[0];
      long millis = figures.get(policy)[1];
      int photos = Math.max(1, (int) (time.toNanos() * rate / 1_000_000_000));
      long elapsed = photos * 1_000_000_000L / rate;
      clock.addAndGet(elapsed);
      return new TuningTrial.Run(Collections.nCopies(photos, 1_000_000 * millis), elapsed);
    }
  }

  private final AtomicLong clock = new AtomicLong(-5);
  private final List<BatchPolicy> run = new ArrayList<>();

  private List<TuningTrial> measure(Map<BatchPolicy, long[]> figures, Duration atMost) {
    List<BatchPolicy> candidates = figures.keySet().stream().sorted(BY_THREADS).toList();
    return new Tuner(new Rigged(figures, clock, run), atMost, clock::get).measure(candidates);
  }

  private static BatchPolicy policy(int threads) {
    return BatchPolicy.unbatched(threads);
  }

  @Test
  void measure_oneThatDoesMost_isFoundWithinTheTime() {
    List<TuningTrial> trials =
        measure(
            Map.of(
                policy(1), new long[] {50, 20},
                policy(2), new long[] {90, 20},
                policy(3), new long[] {100, 30},
                policy(4), new long[] {80, 10},
                policy(5), new long[] {70, 10}),
            Duration.ofSeconds(10));

    assertThat(Tuner.best(trials)).isEqualTo(policy(3));
    assertThat(trials).hasSize(5);
    assertThat(Duration.ofNanos(clock.get())).isLessThanOrEqualTo(Duration.ofSeconds(10));
    assertThat(Collections.frequency(run, policy(5))).isEqualTo(1);
    assertThat(Collections.frequency(run, policy(3))).isEqualTo(3);
  }

  @Test
  void best_severalThatDoAboutTheMost_isTheOneWithTheShortestWait() {
    List<TuningTrial> trials =
        measure(
            Map.of(
                policy(1), new long[] {98, 20},
                policy(2), new long[] {100, 80},
                policy(3), new long[] {96, 10}),
            Duration.ofSeconds(10));

    assertThat(Tuner.best(trials)).isEqualTo(policy(1));
  }

  @Test
  void measure_noTimeAtAll_triesTheFirstOne() {
    List<TuningTrial> trials =
        measure(
            Map.of(policy(1), new long[] {10, 100}, policy(2), new long[] {20, 100}),
            Duration.ofNanos(1));

    assertThat(Tuner.best(trials)).isEqualTo(policy(1));
    assertThat(trials).hasSize(1);
  }

  @Test
  void tune_realModels_isKeptAndFoundAgain() {
    RecognizerBuilder builder = PriceTagRecognizer.builder();
    Tuning measured = builder.tune(folder.resolve("tuning"), Duration.ofSeconds(3));

    assertThat(measured.candidates())
        .isNotEmpty()
        .allMatch(candidate -> candidate.photosPerSecond() > 0);
    assertThat(measured.candidates())
        .extracting(Tuning.Candidate::policy)
        .contains(measured.policy());
    assertThat(builder.policy()).isEqualTo(measured.policy());

    RecognizerBuilder later = PriceTagRecognizer.builder();
    Tuning found = later.tune(folder.resolve("tuning"));
    assertThat(found.measuredAt()).isEqualTo(measured.measuredAt());
    assertThat(found.policy()).isEqualTo(measured.policy());
    assertThat(found.candidates()).hasSameSizeAs(measured.candidates());
    assertThat(later.policy()).isEqualTo(measured.policy());
  }

  @Test
  void file_ofAnotherKindOrBroken_isNotBelieved() throws IOException {
    TuningFile file = new TuningFile(folder, List.of("a machine", "an engine"));
    assertThat(file.read()).isEmpty();
    Tuning tuning =
        new Tuning(
            BatchPolicy.batched(8, 2, 16),
            List.of(
                new Tuning.Candidate(
                    BatchPolicy.unbatched(2),
                    7,
                    3.5,
                    Duration.ofMillis(250),
                    Duration.ofMillis(300))),
            Instant.parse("2026-01-02T03:04:05Z"),
            file.path());
    file.write(tuning);
    assertThat(file.read()).contains(tuning);
    assertThat(new TuningFile(folder, List.of("another machine", "an engine")).read()).isEmpty();

    String text = Files.readString(file.path());
    for (String broken :
        List.of(
            text.substring(0, text.length() / 2),
            text.replace("\"format\" : 1", "\"format\" : 2"),
            text.replace("\"threads\" : 8", "\"threads\" : 0"),
            text.replace("a machine", "my machine"),
            "")) {
      Files.writeString(file.path(), broken);
      assertThat(file.read()).isEmpty();
    }
  }

  @Test
  void file_inAFolderThatIsNone_saysSo() throws IOException {
    Path notAFolder = Files.writeString(folder.resolve("file"), "x");
    TuningFile file = new TuningFile(notAFolder, List.of("a machine"));

    assertThatThrownBy(file::read)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot keep tuning " + file.path());
  }
}
