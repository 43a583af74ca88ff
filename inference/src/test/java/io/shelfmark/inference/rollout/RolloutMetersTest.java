package io.shelfmark.inference.rollout;

import static io.shelfmark.inference.rollout.FakeModels.photo;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.CountingMode;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.shelfmark.inference.RecognizerMeters;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RolloutMetersTest {

  private static final SimpleConfig STEPS =
      new SimpleConfig() {
        @Override
        public @Nullable String get(String key) {
          return null;
        }

        @Override
        public CountingMode mode() {
          return CountingMode.STEP;
        }
      };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final FakeModels one = new FakeModels(1);
  private final FakeModels two =
      new FakeModels(2).answering(photo -> List.of(FakeModels.tag(0, 27_999)));
  private final CountDownLatch told = new CountDownLatch(1);

  private RollingRecognizer open() {
    return open(registry);
  }

  private RollingRecognizer open(MeterRegistry registry) {
    return RollingRecognizer.builder()
        .meters(RecognizerMeters.of(registry))
        .onDisagreement(comparison -> told.countDown())
        .open("v1", () -> one);
  }

  private double gauge(String name, String version, String role) {
    return registry
        .get("shelfmark.rollout." + name)
        .tags("version", version, "role", role)
        .gauge()
        .value();
  }

  private double counter(String name, String version, String role) {
    return registry
        .get("shelfmark.rollout." + name)
        .tags("version", version, "role", role)
        .functionCounter()
        .count();
  }

  private Set<String> versions() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> id.getTag("version") != null)
        .map(id -> id.getTag("version") + " " + id.getTag("role"))
        .collect(Collectors.toSet());
  }

  @Test
  void meters_ofATrial_haveBothVersionsSideBySide() throws Exception {
    try (RollingRecognizer recognizer = open()) {
      assertThat(versions()).containsExactly("v1 current");
      recognizer.tryOut("v2", () -> two);
      recognizer.shadow(100);
      recognizer.recognize(photo("a"));
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
      recognizer.canary(100);
      recognizer.recognize(photo("a"));

      assertThat(versions()).containsExactlyInAnyOrder("v1 current", "v2 canary", "v2 shadow");
      assertThat(gauge("share", "v1", "current")).isZero();
      assertThat(gauge("share", "v2", "canary")).isEqualTo(1);
      assertThat(gauge("share", "v2", "shadow")).isEqualTo(1);
      assertThat(counter("photos", "v1", "current")).isEqualTo(1);
      assertThat(counter("photos", "v2", "canary")).isEqualTo(1);
      assertThat(counter("failures", "v2", "canary")).isZero();
      assertThat(gauge("priced", "v2", "canary")).isEqualTo(1);
      assertThat(counter("disagreeing", "v2", "shadow")).isEqualTo(1);
      assertThat(counter("dropped", "v2", "shadow")).isZero();
      assertThat(registry.scrape())
          .contains("shelfmark_rollout_photos_total{role=\"canary\",version=\"v2\"} 1.0");
    }
  }

  @Test
  void meters_afterTheTrial_haveTheVersionInUseAloneAndNothingWhenClosed() {
    try (RollingRecognizer recognizer = open()) {
      recognizer.tryOut("v2", () -> two);
      recognizer.promote();

      assertThat(versions()).containsExactly("v2 current");
      assertThat(gauge("share", "v2", "current")).isEqualTo(1);
      recognizer.swap("v3", () -> new FakeModels(3));
      assertThat(versions()).containsExactly("v3 current");
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void counter_sharesOfATrialChange_reportsEachPhotoInOneStep() {
    MockClock clock = new MockClock();
    SimpleMeterRegistry steps = new SimpleMeterRegistry(STEPS, clock);
    try (RollingRecognizer recognizer = open(steps)) {
      recognizer.tryOut("v2", () -> two);
      recognizer.recognize(photo("a"));
      assertThat(photosOfLastStep(steps)).isZero();
      clock.add(STEPS.step());
      assertThat(photosOfLastStep(steps)).isEqualTo(1);

      recognizer.canary(40);
      recognizer.shadow(20);
      assertThat(photosOfLastStep(steps)).isEqualTo(1);
      clock.add(STEPS.step());

      assertThat(photosOfLastStep(steps)).isZero();
      assertThat(share(steps, "current")).isEqualTo(0.6);
      assertThat(share(steps, "canary")).isEqualTo(0.4);
      assertThat(share(steps, "shadow")).isEqualTo(0.2);
    }
  }

  private static double photosOfLastStep(MeterRegistry steps) {
    return steps.get("shelfmark.rollout.photos").tag("role", "current").functionCounter().count();
  }

  private static double share(MeterRegistry registry, String role) {
    return registry.get("shelfmark.rollout.share").tag("role", role).gauge().value();
  }

  @Test
  void change_registryRefusesMeters_isMadeAsWithoutThem() {
    SimpleMeterRegistry refusing = new SimpleMeterRegistry();
    refusing.config().onMeterAdded(RolloutMetersTest::refuse);
    try (RollingRecognizer recognizer = open(refusing)) {
      recognizer.tryOut("v2", () -> two);
      assertThat(recognizer.candidate()).contains("v2");
      recognizer.promote();
      assertThat(recognizer.version()).isEqualTo("v2");
    }
    assertThat(one.isClosed()).isTrue();
    assertThat(two.isClosed()).isTrue();
  }

  @Test
  void close_listenerOfRemovedMetersThrows_closesTheModels() {
    SimpleMeterRegistry refusing = new SimpleMeterRegistry();
    refusing.config().onMeterRemoved(RolloutMetersTest::refuse);
    RollingRecognizer recognizer = open(refusing);

    recognizer.close();

    assertThat(one.isClosed()).isTrue();
    assertThat(refusing.getMeters()).isEmpty();
  }

  private static void refuse(Meter meter) {
    throw new IllegalStateException("no meter " + meter.getId().getName());
  }
}
