package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.batching.StagePolicy;
import io.shelfmark.inference.batching.WhenFull;
import io.shelfmark.inference.rollout.RollingRecognizer;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a registry is told of a shelf that was read and of bytes that are no photo. */
class RecognizerMetersTest {

  private static final PrometheusMeterRegistry REGISTRY =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private static final ShelfPhoto SHELF =
      ShelfPhoto.of("shelf", PhotoGenerator.seeded(5).withTags(6).sized(640, 832).photo(1).jpeg());
  private static PriceTagRecognizer recognizer;
  private static ShelfReading reading;

  @BeforeAll
  static void read() {
    recognizer =
        PriceTagRecognizer.builder().meters(RecognizerMeters.of(REGISTRY)).threads(1).build();
    reading = recognizer.recognize(SHELF);
    assertThatThrownBy(() -> recognizer.recognize(ShelfPhoto.of("noise", new byte[3])))
        .isInstanceOf(UnreadablePhotoException.class);
  }

  @AfterAll
  static void close() {
    recognizer.close();
    REGISTRY.close();
  }

  private static Timer timer(String name, String... tags) {
    return REGISTRY.get("shelfmark.recognizer." + name).tags(tags).timer();
  }

  private static DistributionSummary summary(String name) {
    return REGISTRY.get("shelfmark.recognizer." + name).summary();
  }

  private static double nanos(Timer timer) {
    return timer.totalTime(TimeUnit.NANOSECONDS);
  }

  @Test
  void photo_readAndUnreadable_areCountedApart() {
    assertThat(timer("photo", "outcome", "read").count()).isOne();
    assertThat(timer("photo", "outcome", "unreadable").count()).isOne();
    for (String outcome : new String[] {"deadline", "model", "error"}) {
      assertThat(timer("photo", "outcome", outcome).count()).as(outcome).isZero();
    }
    assertThat(REGISTRY.get("shelfmark.recognizer.active").gauge().value()).isZero();
  }

  @Test
  void queue_photosOfIt_waitOrAreRefused() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    List<CompletableFuture<ShelfReading>> pending;
    try (PriceTagRecognizer small =
        PriceTagRecognizer.builder()
            .meters(RecognizerMeters.of(registry))
            .threads(1)
            .queue(1)
            .whenFull(WhenFull.REJECT)
            .build()) {
      pending = IntStream.range(0, 20).mapToObj(i -> small.recognizeAsync(SHELF)).toList();
    }

    long refused = pending.stream().filter(RecognizerMetersTest::isRefused).count();

    assertThat(refused).isPositive();
    assertThat(
            registry
                .get("shelfmark.recognizer.refused")
                .tag("reason", "overload")
                .counter()
                .count())
        .isEqualTo(refused);
    Timer wait = registry.get("shelfmark.recognizer.queue.wait").timer();
    assertThat(wait.count()).isEqualTo(20 - refused);
    assertThat(nanos(wait)).isPositive();
    assertThat(registry.get("shelfmark.recognizer.queue.size").gauge().value()).isZero();
  }

  private static boolean isRefused(CompletableFuture<ShelfReading> pending) {
    return pending.handle((read, failure) -> failure instanceof OverloadException).join();
  }

  @Test
  void stage_each_isAPartOfThePhoto() {
    double stages = 0;
    for (String stage :
        new String[] {"decode", "tags", "fields", "outlines", "text", "codes", "parse"}) {
      Timer timer = timer("stage", "stage", stage);
      assertThat(timer.count()).as(stage).isOne();
      assertThat(nanos(timer)).as(stage).isPositive();
      stages += nanos(timer);
    }
    assertThat(stages).isLessThanOrEqualTo(nanos(timer("photo", "outcome", "read")));
  }

  @Test
  void engine_eachModel_ranWithinItsStage() {
    assertThat(engine("tag-detector").count()).isOne();
    assertThat(engine("field-detector").count()).isOne();
    assertThat(engine("text-recognizer").count()).isPositive();
    assertThat(engine("tag-detector").totalTime(TimeUnit.NANOSECONDS))
        .isPositive()
        .isLessThanOrEqualTo(nanos(timer("stage", "stage", "tags")));
    assertThat(engine("text-recognizer").totalTime(TimeUnit.NANOSECONDS))
        .isPositive()
        .isLessThanOrEqualTo(nanos(timer("stage", "stage", "text")));
    assertThat(items("field-detector")).isEqualTo(reading.tags().size());
    assertThat(items("text-recognizer")).isEqualTo(summary("lines").totalAmount());
  }

  private static FunctionTimer engine(String model) {
    return REGISTRY.get("shelfmark.recognizer.engine").tag("model", model).functionTimer();
  }

  private static double items(String model) {
    return REGISTRY
        .get("shelfmark.recognizer.engine.items")
        .tag("model", model)
        .functionCounter()
        .count();
  }

  /** With four threads on one engine, runs of several photos are put together. */
  @Test
  void engine_batches_areCountedAsTheEngineRunsThem() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    // whoever comes first waits for the three others
    StagePolicy together = new StagePolicy(1, 4, Duration.ofSeconds(10));
    BatchPolicy policy = new BatchPolicy(4, together, StagePolicy.alone(), StagePolicy.alone());
    int photos = 16;
    try (PriceTagRecognizer batching =
        PriceTagRecognizer.builder()
            .meters(RecognizerMeters.of(registry))
            .batching(policy)
            .build()) {
      batching.recognizeAll(Collections.nCopies(photos, SHELF));
    }

    assertThat(
            registry
                .get("shelfmark.recognizer.engine.items")
                .tag("model", "tag-detector")
                .functionCounter()
                .count())
        .isEqualTo(photos);
    assertThat(
            registry
                .get("shelfmark.recognizer.engine")
                .tag("model", "tag-detector")
                .functionTimer()
                .count())
        .isBetween(1.0, photos - 1.0);
  }

  @Test
  void summaries_onePhoto_haveItsNumbers() {
    assertThat(reading.tags()).isNotEmpty();
    assertThat(summary("tags").count()).isOne();
    assertThat(summary("tags").totalAmount()).isEqualTo(reading.tags().size());
    assertThat(summary("lines").totalAmount()).isPositive();
  }

  /** The page in the document is one of a real registry: the same names and labels. */
  @Test
  void prometheusPage_ofTheDocument_hasTheseSeries() throws IOException {
    String document =
        Files.readString(
            Path.of(System.getProperty("basedir", ".")).resolve("../docs/observability.md"));
    int from = document.indexOf("```text\n") + 8;
    String page = document.substring(from, document.indexOf("```", from));

    assertThat(series(page))
        .isEqualTo(
            series(REGISTRY.scrape()).stream()
                .filter(name -> !name.contains("_max"))
                .collect(Collectors.toSet()));
  }

  private static Set<String> series(String page) {
    return page.lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .collect(Collectors.toSet());
  }

  @Test
  void meters_secondRecognizerOnThem_addsToThem() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RecognizerMeters meters = RecognizerMeters.of(registry);
    ShelfPhoto noise = ShelfPhoto.of("noise", new byte[3]);
    Stream.of(meters, meters)
        .forEach(
            shared -> {
              try (PriceTagRecognizer one = PriceTagRecognizer.builder().meters(shared).build()) {
                assertThatThrownBy(() -> one.recognize(noise))
                    .isInstanceOf(UnreadablePhotoException.class);
              }
            });

    assertThat(
            registry.get("shelfmark.recognizer.photo").tag("outcome", "unreadable").timer().count())
        .isEqualTo(2);
  }

  /** Both versions' figures side by side, for as long as both are open. */
  @Test
  void meters_rollingRecognizer_tellItsVersionsApart() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RecognizerMeters meters = RecognizerMeters.of(registry);
    try (RollingRecognizer rolling = RollingRecognizer.open("v4", open(meters, "v4"))) {
      rolling.recognize(SHELF);
      rolling.tryOut("v5", open(meters, "v5"));
      rolling.canary(100);
      rolling.recognize(SHELF);

      assertThat(photos(registry, "v4")).isEqualTo(1);
      assertThat(photos(registry, "v5")).as("the warm-up and one more").isEqualTo(2);
      assertThat(registry.scrape())
          .contains("shelfmark_recognizer_stage_seconds_count{stage=\"text\",version=\"v4\"} 1")
          .contains("shelfmark_recognizer_stage_seconds_count{stage=\"text\",version=\"v5\"} 2");

      rolling.promote();
      rolling.recognize(SHELF);
    }
    assertThat(registry.getMeters()).isEmpty();
    assertThat(registry.scrape()).doesNotContain("shelfmark");
  }

  private static Supplier<PriceTagRecognizer> open(RecognizerMeters meters, String version) {
    return PriceTagRecognizer.builder().meters(meters).version(version).threads(1)::build;
  }

  private static long photos(MeterRegistry registry, String version) {
    return registry
        .get("shelfmark.recognizer.photo")
        .tags("outcome", "read", "version", version)
        .timer()
        .count();
  }

  @Test
  void meters_versionOpenedAgainBeforeItIsClosed_stayUntilTheLastIsClosed() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RecognizerMeters meters = RecognizerMeters.of(registry);
    PriceTagRecognizer first = open(meters, "v5").get();
    try (PriceTagRecognizer second = open(meters, "v5").get()) {
      first.recognize(SHELF);
      first.close();
      first.close();
      second.recognize(SHELF);

      assertThat(photos(registry, "v5")).isEqualTo(2);
      assertThat(registry.getMeters()).as("as docs/observability.md says").hasSize(25);
    }
    assertThat(registry.getMeters()).isEmpty();
    open(meters, "v5").get().close();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void meters_registryRefusesOne_noneOfThemStay() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    AtomicBoolean refuses = new AtomicBoolean(true);
    registry
        .config()
        .onMeterAdded(
            meter -> {
              if (refuses.get() && meter.getId().getName().endsWith(".lines")) {
                throw new IllegalStateException("no lines");
              }
            });
    StageObserver stages = RecognizerMeters.of(registry).observer("v5");
    assertThatThrownBy(() -> stages.opened(() -> 7)).hasMessage("no lines");
    assertThat(registry.getMeters()).isEmpty();

    refuses.set(false);
    stages.opened(() -> 3);
    assertThat(registry.get("shelfmark.recognizer.queue.size").gauge().value()).isEqualTo(3);
  }

  @Test
  void version_blank_isRefused() {
    assertThatThrownBy(() -> PriceTagRecognizer.builder().version(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set version: found a blank, expected a name such as v5");
  }
}
