package io.shelfmark.inference.rollout;

import static io.shelfmark.inference.rollout.FakeModels.photo;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.DeadlineException;
import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.OverloadException;
import io.shelfmark.inference.PhotoOutcome;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.UnreadablePhotoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RollingRecognizerTest {

  private final Semaphore gate = new Semaphore(0);
  private final CountDownLatch atGate = new CountDownLatch(1);
  private final FakeModels one = new FakeModels(1);
  private final FakeModels two = new FakeModels(2);
  private final RollingRecognizer recognizer = RollingRecognizer.open("v1", () -> one);

  @AfterEach
  void close() {
    gate.release(1_000);
    recognizer.close();
    assertThat(one.isClosed()).isTrue();
    assertThat(one.crashes).hasValue(0);
    assertThat(two.crashes).hasValue(0);
  }

  private void holdPhotos(FakeModels models) {
    models.answering(
        photo -> {
          atGate.countDown();
          gate.acquireUninterruptibly();
          return List.of();
        });
  }

  private int versionOf(String photo) {
    return recognizer.recognize(photo(photo)).width();
  }

  @Test
  void swap_whileAPhotoIsRead_closesTheOldVersionAfterIt() throws Exception {
    holdPhotos(one);
    CompletableFuture<ShelfReading> held =
        CompletableFuture.supplyAsync(() -> recognizer.recognize(photo("held")));
    assertThat(atGate.await(30, SECONDS)).isTrue();

    recognizer.swap("v2", () -> two);

    assertThat(versionOf("next")).isEqualTo(2);
    assertThat(recognizer.version()).isEqualTo("v2");
    assertThat(recognizer.report().draining()).isEqualTo(1);
    assertThat(one.isClosed()).isFalse();
    gate.release();
    assertThat(held.get(30, SECONDS).width()).isEqualTo(1);
    assertThat(one.whenClosed.await(30, SECONDS)).isTrue();
  }

  @Test
  void swap_photosInTheOldVersionsQueue_areReadByIt() throws Exception {
    holdPhotos(one);
    List<CompletableFuture<ShelfReading>> queued =
        IntStream.range(0, 5).mapToObj(i -> recognizer.recognizeAsync(photo("p" + i))).toList();

    recognizer.swap("v2", () -> two);
    gate.release(5);

    for (CompletableFuture<ShelfReading> each : queued) {
      assertThat(each.get(30, SECONDS).width()).isEqualTo(1);
    }
    assertThat(one.whenClosed.await(30, SECONDS)).isTrue();
    assertThat(recognizer.recognizeAsync(photo("next")).get(30, SECONDS).width()).isEqualTo(2);
  }

  @Test
  void swap_versionThatDoesNotOpen_leavesTheOldOneInPlace() {
    assertThatThrownBy(
            () ->
                recognizer.swap(
                    "v2",
                    () -> {
                      throw new ModelException("Cannot load model x: found no file");
                    }))
        .isInstanceOf(ModelException.class)
        .hasMessage("Cannot open models v2, v1 stays in use: Cannot load model x: found no file");

    assertThat(versionOf("next")).isEqualTo(1);
  }

  @Test
  void swap_versionThatFailsOnTheLastPhoto_isClosedAndNotUsed() throws Exception {
    versionOf("last");
    two.answering(FakeModels::unreadable);

    assertThatThrownBy(() -> recognizer.swap("v2", () -> two))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot warm up models v2, v1 stays in use: Cannot read photo last: found no picture");

    assertThat(two.whenClosed.await(30, SECONDS)).isTrue();
    assertThat(versionOf("next")).isEqualTo(1);
  }

  @Test
  void swap_modelsThatChangeTheRecognizer_areRefused() {
    FakeModels three = new FakeModels(3);
    for (Runnable change :
        List.<Runnable>of(
            () -> recognizer.swap("v3", () -> three),
            () -> recognizer.tryOut("v3", () -> three),
            recognizer::close)) {
      assertThatThrownBy(
              () ->
                  recognizer.swap(
                      "v2",
                      () -> {
                        change.run();
                        return two;
                      }))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("found this thread in the middle of a change");
    }

    assertThat(versionOf("next")).isEqualTo(1);
    assertThat(recognizer.candidate()).isEmpty();
    recognizer.swap("v2", () -> two);
    recognizer.close();
    assertThat(two.isClosed()).isTrue();
  }

  @Test
  void swap_warmUpGiven_isReadBeforeTraffic() {
    FakeModels first = new FakeModels(1);
    FakeModels second = new FakeModels(2);
    List<ShelfPhoto> seen = new ArrayList<>();
    second.answering(
        photo -> {
          seen.add(photo);
          return List.of();
        });
    List<ShelfPhoto> warmUp = List.of(photo("a"), photo("b"));
    try (RollingRecognizer rolling =
        RollingRecognizer.builder().warmUp(warmUp).open("v1", () -> first)) {
      assertThat(first.read).hasValue(2);
      rolling.swap("v2", () -> second);

      assertThat(seen).isEqualTo(warmUp);
      assertThat(rolling.report().current().photos()).isZero();
    }
  }

  @Test
  void swap_builderUsedForAnotherMeanwhile_keepsItsOwnOptions() {
    FakeModels first = new FakeModels(1);
    FakeModels second = new FakeModels(2);
    RollingBuilder builder = RollingRecognizer.builder().warmUp(List.of(photo("a")));
    try (RollingRecognizer rolling = builder.open("v1", () -> first)) {
      builder.warmUp(List.of(photo("b"), photo("c")));
      rolling.swap("v2", () -> second);

      assertThat(second.read).hasValue(1);
    }
  }

  @Test
  void report_versionThatWarmsUp_isNotOneThatDrains() {
    List<Integer> draining = new ArrayList<>();
    recognizer.recognize(photo("a"));
    two.answering(
        photo -> {
          draining.add(recognizer.report().draining());
          return List.of();
        });
    recognizer.swap("v2", () -> two);

    assertThat(draining).containsExactly(0);
  }

  @Test
  void open_versionThatDoesNotOpen_isRefused() {
    FakeModels bad = new FakeModels(3).answering(FakeModels::unreadable);

    assertThatThrownBy(
            () -> RollingRecognizer.builder().warmUp(List.of(photo("a"))).open("v3", () -> bad))
        .isInstanceOf(ModelException.class)
        .hasMessage("Cannot warm up models v3: Cannot read photo a: found no picture");
  }

  @Test
  void recognizeAll_swapInTheMiddle_readsEachPhotoOnceInOrder() {
    List<ShelfPhoto> photos = IntStream.range(0, 50).mapToObj(i -> photo("p" + i)).toList();
    one.answering(
        photo -> {
          if (photo.name().equals("p7")) {
            recognizer.swap("v2", () -> two);
            FakeModels.unreadable(photo);
          }
          return List.of();
        });

    List<PhotoOutcome> outcomes = recognizer.recognizeAll(photos);

    assertThat(outcomes).extracting(PhotoOutcome::photo).isEqualTo(photos);
    assertThat(outcomes.get(7).failure()).containsInstanceOf(UnreadablePhotoException.class);
    assertThat(outcomes).filteredOn(each -> each.failure().isPresent()).hasSize(1);
    assertThat(one.read.get() + two.read.get()).isEqualTo(50);
  }

  @Test
  void recognizeAll_modelsWithoutRoom_readsOnTheCallingThread() {
    one.full = true;

    List<PhotoOutcome> outcomes = recognizer.recognizeAll(List.of(photo("a"), photo("b")));

    assertThat(outcomes).allMatch(each -> each.reading().isPresent());
    assertThat(one.read).hasValue(2);
    assertThat(one.asked).contains(ReadOptions.bulk());
  }

  @Test
  void options_ofACall_reachTheVersionThatReads() throws Exception {
    ReadOptions how = ReadOptions.bulk().from("till 4");
    recognizer.recognize(photo("a"), how);
    recognizer.recognizeAsync(photo("b"), how).get(30, SECONDS);
    recognizer.recognizeAsync(photo("c"), how.within(Duration.ofHours(1))).get(30, SECONDS);

    assertThat(one.asked).hasSize(3).containsExactly(how, how, how.within(Duration.ofHours(1)));
  }

  @Test
  void recognizeAsync_modelsWithoutRoom_failsThatFuture() {
    one.full = true;

    assertThatThrownBy(() -> recognizer.recognizeAsync(photo("a")).get(30, SECONDS))
        .hasCauseInstanceOf(OverloadException.class);
  }

  @Test
  void recognizeAll_inCallback_doesNotWaitForItsOwnThread() throws Exception {
    CompletableFuture<List<PhotoOutcome>> all =
        recognizer
            .recognizeAsync(photo("first"))
            .thenApply(first -> recognizer.recognizeAll(List.of(photo("a"), photo("b"))));

    assertThat(all.get(30, SECONDS)).hasSize(2).allMatch(each -> each.reading().isPresent());
  }

  @Test
  void recognizeAsync_chainOfCallbacksAcrossASwap_goesOn() throws Exception {
    assertThat(chain(0).get(30, SECONDS)).isEqualTo(2);
  }

  private CompletableFuture<Integer> chain(int i) {
    if (i == 100) {
      recognizer.swap("v2", () -> two);
    }
    return recognizer
        .recognizeAsync(photo("p" + i))
        .thenCompose(
            reading ->
                i == 200 ? CompletableFuture.completedFuture(reading.width()) : chain(i + 1));
  }

  /** Photos that a callback hands in while another one of its photos waits for room. */
  private List<CompletableFuture<ShelfReading>> handInBehindOneThatWaits(ReadOptions how)
      throws Exception {
    CountDownLatch hangsOnIt = new CountDownLatch(1);
    one.answering(
        photo -> {
          await(hangsOnIt);
          return List.of();
        });
    CompletableFuture<List<CompletableFuture<ShelfReading>>> handedIn =
        recognizer
            .recognizeAsync(photo("first"))
            .thenApply(
                first -> {
                  one.atHandIn =
                      any -> {
                        atGate.countDown();
                        gate.acquireUninterruptibly();
                      };
                  CompletableFuture<ShelfReading> waiting =
                      recognizer.recognizeAsync(photo("waiting"));
                  await(atGate);
                  return List.of(waiting, recognizer.recognizeAsync(photo("behind"), how));
                });
    hangsOnIt.countDown();
    return handedIn.get(30, SECONDS);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void recognizeAsync_inCallbackWithADeadline_isToldInTime() throws Exception {
    Duration given = Duration.ofMillis(20);
    List<CompletableFuture<ShelfReading>> both =
        handInBehindOneThatWaits(ReadOptions.interactive().within(given));

    assertThatThrownBy(() -> both.get(1).get(30, SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            DeadlineException.class, passed -> assertThat(passed.given()).isEqualTo(given))
        .hasMessageStartingWith("Cannot read photo behind: found it unfinished after 20 ms");
    assertThat(both.get(0)).isNotDone();
    assertThat(recognizer.report().current().failures()).isEqualTo(1);
    recognizer.swap("v2", () -> two);
    gate.release(2);
    assertThat(both.get(0).get(30, SECONDS).width()).isEqualTo(1);
    assertThat(one.whenClosed.await(30, SECONDS)).isTrue();
    assertThat(one.read).hasValue(2);
  }

  @Test
  void recognizeAsync_inCallbackTimeUpAtTheVersion_tellsTheTimeThatTheCallerGave()
      throws Exception {
    Duration given = Duration.ofHours(1);
    List<CompletableFuture<ShelfReading>> both =
        handInBehindOneThatWaits(ReadOptions.interactive().within(given));
    one.atHandIn =
        how -> {
          throw DeadlineException.passed("read it", how.deadline().orElseThrow());
        };
    gate.release();

    assertThatThrownBy(() -> both.get(1).get(30, SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            DeadlineException.class,
            passed -> {
              assertThat(passed.given()).isEqualTo(given);
              assertThat(passed).hasCauseInstanceOf(DeadlineException.class);
            });
  }

  @Test
  void cancel_photoThatACallbackHandsIn_letsItsVersionGo() throws Exception {
    List<CompletableFuture<ShelfReading>> both =
        handInBehindOneThatWaits(ReadOptions.interactive().within(Duration.ofHours(1)));
    both.get(1).cancel(false);
    recognizer.swap("v2", () -> two);
    gate.release(2);

    assertThat(both.get(0).get(30, SECONDS).width()).isEqualTo(1);
    assertThat(one.whenClosed.await(30, SECONDS)).isTrue();
    assertThat(one.read).hasValue(2);
  }

  @Test
  void cancel_queuedPhoto_isNotReadAndDoesNotHoldItsVersion() throws Exception {
    holdPhotos(one);
    CompletableFuture<ShelfReading> held = recognizer.recognizeAsync(photo("held"));
    CompletableFuture<ShelfReading> queued = recognizer.recognizeAsync(photo("queued"));
    queued.cancel(false);
    recognizer.swap("v2", () -> two);
    gate.release();

    held.get(30, SECONDS);
    assertThat(one.whenClosed.await(30, SECONDS)).isTrue();
    assertThat(one.read).hasValue(1);
    assertThatThrownBy(queued::join).isInstanceOf(CancellationException.class);
  }

  @Test
  void recognizeAsync_photoFails_failsItsFutureAlone() throws Exception {
    one.answering(photo -> photo.name().equals("bad") ? FakeModels.unreadable(photo) : List.of());
    CompletableFuture<ShelfReading> bad = recognizer.recognizeAsync(photo("bad"));

    assertThat(recognizer.recognizeAsync(photo("good")).get(30, SECONDS).source())
        .isEqualTo("good");
    assertThatThrownBy(() -> bad.get(30, SECONDS))
        .hasCauseInstanceOf(UnreadablePhotoException.class);
    assertThat(recognizer.report().current())
        .extracting(VersionFigures::photos, VersionFigures::failures)
        .containsExactly(2L, 1L);
  }

  @Test
  void close_photosInFlight_readsThemAndRefusesMore() throws Exception {
    holdPhotos(one);
    List<CompletableFuture<ShelfReading>> queued =
        IntStream.range(0, 5).mapToObj(i -> recognizer.recognizeAsync(photo("p" + i))).toList();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(recognizer::close);
    awaitClosed();

    assertThat(closing).isNotDone();
    gate.release(5);
    closing.get(30, SECONDS);

    assertThat(queued).allMatch(each -> each.join().width() == 1);
    recognizer.close();
  }

  private void awaitClosed() {
    while (true) {
      try {
        recognizer.recognizeAsync(photo("more")).cancel(false);
      } catch (IllegalStateException e) {
        return;
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void close_inCallback_doesNotWaitForItsOwnThread() throws Exception {
    holdPhotos(one);
    CompletableFuture<Void> closed =
        recognizer.recognizeAsync(photo("first")).thenRun(recognizer::close);
    CompletableFuture<ShelfReading> second = recognizer.recognizeAsync(photo("second"));
    gate.release(2);

    closed.get(30, SECONDS);
    assertThat(second.get(30, SECONDS).width()).isEqualTo(1);
    assertThat(one.whenClosed.await(30, SECONDS)).isTrue();
  }

  @Test
  void closed_everyUse_isIllegalState() {
    recognizer.close();

    for (Runnable use :
        List.<Runnable>of(
            () -> recognizer.recognize(photo("late")),
            () -> recognizer.recognizeVersioned(photo("late")),
            () -> recognizer.recognizeAsync(photo("late")),
            () -> recognizer.recognizeAll(List.of()),
            () -> recognizer.swap("v2", () -> two),
            () -> recognizer.tryOut("v2", () -> two),
            () -> recognizer.canary(1),
            recognizer::promote)) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot read photos: the price tag recognizer is closed");
    }
    assertThat(recognizer.report().draining()).isZero();
  }

  @Test
  void recognizeVersioned_afterASwap_saysWhichVersionReadIt() {
    assertThat(recognizer.recognizeVersioned(photo("a")).version()).isEqualTo("v1");
    recognizer.swap("v2", () -> two);

    VersionedReading reading = recognizer.recognizeVersioned(photo("a"));
    assertThat(reading.version()).isEqualTo("v2");
    assertThat(reading.reading().width()).isEqualTo(2);
  }
}
