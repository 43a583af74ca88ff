package io.shelfmark.inference.rollout;

import static io.shelfmark.inference.rollout.FakeModels.photo;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.rollout.Disagreement.Field;
import io.shelfmark.testing.SettableClock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShadowTest {

  private final SettableClock clock = SettableClock.create();
  private final BlockingQueue<Comparison> told = new LinkedBlockingQueue<>();
  private final FakeModels one =
      new FakeModels(1).answering(photo -> List.of(FakeModels.tag(0, 21_999)));
  private final FakeModels two =
      new FakeModels(2).answering(photo -> List.of(FakeModels.tag(0, 27_999)));
  private final RollingRecognizer recognizer =
      RollingRecognizer.builder()
          .shadowQueue(2)
          .onDisagreement(told::add)
          .clock(clock)
          .open("v1", () -> one);

  @BeforeEach
  void tryOut() {
    recognizer.tryOut("v2", () -> two);
    recognizer.shadow(100);
  }

  @AfterEach
  void close() {
    recognizer.close();
    assertThat(two.isClosed()).isTrue();
    assertThat(two.crashes).hasValue(0);
  }

  private ShadowFigures figures() {
    return recognizer.report().candidate().orElseThrow().shadow();
  }

  @Test
  void shadow_versionsDisagree_tellsPhotoFieldAndBothValues() throws Exception {
    assertThat(recognizer.recognize(photo("a")).width()).isEqualTo(1);

    Comparison comparison = told.poll(30, SECONDS);
    assertThat(comparison).isNotNull();
    assertThat(comparison.photo().name()).isEqualTo("a");
    assertThat(comparison.at()).isEqualTo(clock.instant());
    assertThat(List.of(comparison.current(), comparison.candidate())).containsExactly("v1", "v2");
    assertThat(comparison.disagreements())
        .containsExactly(
            new Disagreement(
                Field.PRICE,
                Optional.of(FakeModels.tag(0, 1).detection().outline()),
                Optional.of("219.99 RUB"),
                Optional.of("279.99 RUB")));
    assertThat(figures().disagreements()).containsOnlyKeys(Field.PRICE);
    assertThat(figures().disagreeing()).isEqualTo(1);
  }

  @Test
  void shadow_asynchronousReading_isComparedToo() throws Exception {
    recognizer.recognizeAsync(photo("a")).get(30, SECONDS);

    assertThat(told.poll(30, SECONDS)).isNotNull();
  }

  @Test
  void shadow_candidateFails_isADisagreementAndNoConcernOfTheCaller() throws Exception {
    two.answering(FakeModels::unreadable);

    assertThat(recognizer.recognize(photo("a")).tags()).hasSize(1);

    Comparison comparison = told.poll(30, SECONDS);
    assertThat(comparison).isNotNull();
    assertThat(comparison.disagreements())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.field()).isEqualTo(Field.PHOTO);
              assertThat(each.candidate().orElseThrow())
                  .contains("Cannot read photo a: found no picture");
            });
    assertThat(figures().figures().failures()).isEqualTo(1);
  }

  @Test
  void shadow_slowCandidate_dropsAndCountsAndNeverHoldsACaller() throws Exception {
    Semaphore gate = new Semaphore(0);
    CountDownLatch atGate = new CountDownLatch(1);
    two.answering(
        photo -> {
          atGate.countDown();
          gate.acquireUninterruptibly();
          return List.of();
        });
    recognizer.recognize(photo("first"));
    assertThat(atGate.await(30, SECONDS)).isTrue();

    for (int i = 0; i < 10; i++) {
      recognizer.recognize(photo("p" + i));
    }

    assertThat(figures().dropped()).as("one is read, two wait").isEqualTo(8);
    assertThat(recognizer.report().current().photos()).isEqualTo(11);
    gate.release(3);
    for (int i = 0; i < 3; i++) {
      assertThat(told.poll(30, SECONDS)).isNotNull();
    }
  }

  @Test
  void rollBack_photosWaitForTheShadow_closesTheCandidateAfterTheOneItReads() throws Exception {
    Semaphore gate = new Semaphore(0);
    CountDownLatch atGate = new CountDownLatch(1);
    two.answering(
        photo -> {
          atGate.countDown();
          gate.acquireUninterruptibly();
          return List.of();
        });
    recognizer.recognize(photo("first"));
    assertThat(atGate.await(30, SECONDS)).isTrue();
    recognizer.recognize(photo("second"));
    recognizer.rollBack();

    assertThat(two.isClosed()).isFalse();
    gate.release();
    assertThat(two.whenClosed.await(30, SECONDS)).isTrue();
    assertThat(two.read).hasValue(1);
  }

  @Test
  void listener_thatRollsBack_endsTheTrial() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    FakeModels current = new FakeModels(1);
    FakeModels candidate = new FakeModels(2).answering(FakeModels::unreadable);
    RollingRecognizer[] rolling = new RollingRecognizer[1];
    rolling[0] =
        RollingRecognizer.builder()
            .onDisagreement(
                comparison -> {
                  rolling[0].rollBack();
                  ended.countDown();
                })
            .open("v1", () -> current);
    try (RollingRecognizer guarded = rolling[0]) {
      guarded.tryOut("v2", () -> candidate);
      guarded.shadow(100);
      guarded.recognize(photo("a"));

      assertThat(ended.await(30, SECONDS)).isTrue();
      assertThat(guarded.candidate()).isEmpty();
      assertThat(candidate.whenClosed.await(30, SECONDS)).isTrue();
    }
  }

  @Test
  void shadow_systemWithoutThreads_dropsThePhotoAndAnswersTheCaller() {
    FakeModels current = new FakeModels(1);
    FakeModels candidate = new FakeModels(2);
    try (RollingRecognizer rolling =
        RollingRecognizer.builder()
            .shadowThreads(
                task -> {
                  throw new OutOfMemoryError("unable to create native thread");
                })
            .open("v1", () -> current)) {
      rolling.tryOut("v2", () -> candidate);
      rolling.shadow(100);

      assertThat(rolling.recognize(photo("a")).width()).isEqualTo(1);
      assertThat(rolling.report().candidate().orElseThrow().shadow().dropped()).isEqualTo(1);
    }
    assertThat(candidate.isClosed()).isTrue();
  }

  @Test
  void listener_thatThrowsAnError_isCalledAgainOnTheSameThread() throws Exception {
    AtomicInteger threads = new AtomicInteger();
    CountDownLatch calls = new CountDownLatch(3);
    FakeModels current = new FakeModels(1);
    FakeModels candidate = new FakeModels(2).answering(FakeModels::unreadable);
    try (RollingRecognizer rolling =
        RollingRecognizer.builder()
            .shadowThreads(
                task -> {
                  threads.incrementAndGet();
                  return new Thread(task, "shadow");
                })
            .onDisagreement(
                comparison -> {
                  calls.countDown();
                  throw new AssertionError("for the test");
                })
            .open("v1", () -> current)) {
      rolling.tryOut("v2", () -> candidate);
      rolling.shadow(100);
      for (int i = 0; i < 3; i++) {
        rolling.recognize(photo("p" + i));
      }

      assertThat(calls.await(30, SECONDS)).isTrue();
      assertThat(threads).hasValue(1);
    }
  }

  @Test
  void shadow_canaryPhotos_areNotReadTwice() {
    recognizer.canary(100);

    assertThat(recognizer.recognize(photo("a")).width()).isEqualTo(2);

    assertThat(figures().figures().photos()).isZero();
    assertThat(two.read).hasValue(1);
  }
}
