package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.batching.BatchLimits;
import io.shelfmark.inference.batching.WhenFull;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One thread with room for five photos, and a reader that waits for the test. */
@Timeout(60)
class PhotoWorkersTest {

  private static final int QUEUED = 4;
  private static final int ROOM = 1 + QUEUED;
  private static final int ALL = 1000;

  private final Semaphore gate = new Semaphore(0);
  private final ConcurrentLinkedQueue<String> read = new ConcurrentLinkedQueue<>();
  private final PhotoWorkers workers =
      new PhotoWorkers(
          new BatchLimits(1, 1, Duration.ZERO, QUEUED, WhenFull.WAIT),
          (photo, request) -> read(photo),
          null);

  private ShelfReading read(ShelfPhoto photo) {
    gate.acquireUninterruptibly();
    read.add(photo.name());
    return switch (photo.name()) {
      case "bad" -> throw new UnreadablePhotoException("Cannot read photo bad: found a letter");
      case "huge" -> throw new OutOfMemoryError("no memory for huge");
      default -> new ShelfReading(photo.name(), 1, 1, List.of());
    };
  }

  @AfterEach
  void end() {
    gate.release(ALL);
    workers.close();
  }

  private static ShelfPhoto photo(String name) {
    return ShelfPhoto.of(name, new byte[0]);
  }

  private CompletableFuture<ShelfReading> submit(ShelfPhoto photo) {
    return workers.submit(photo, ReadOptions.interactive());
  }

  private List<CompletableFuture<ShelfReading>> fill() {
    return IntStream.range(0, ROOM).mapToObj(i -> submit(photo("p" + i))).toList();
  }

  private static <T> FutureTask<T> start(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "submitter");
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING
        && !task.isDone()) {
      Thread.onSpinWait();
    }
    return task;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  @Test
  void submit_noRoom_waitsUntilAPhotoIsRead() throws Exception {
    List<CompletableFuture<ShelfReading>> pending = fill();
    FutureTask<CompletableFuture<ShelfReading>> sixth = start(() -> submit(photo("sixth")));

    assertThat(sixth.isDone()).isFalse();
    gate.release();
    CompletableFuture<ShelfReading> accepted = get(sixth);
    gate.release(ALL);

    assertThat(get(accepted).source()).isEqualTo("sixth");
    for (CompletableFuture<ShelfReading> each : pending) {
      get(each);
    }
    assertThat(read).containsExactly("p0", "p1", "p2", "sixth", "p3", "p4");
  }

  @Test
  void submit_inCallbackWithoutRoom_doesNotWaitForItself() throws Exception {
    CompletableFuture<ShelfReading> chained =
        fill().get(0).thenCompose(first -> submit(photo("next")));
    FutureTask<CompletableFuture<ShelfReading>> waiting = start(() -> submit(photo("waiting")));
    gate.release(ALL);

    assertThat(get(chained).source()).isEqualTo("next");
    assertThat(get(get(waiting)).source()).isEqualTo("waiting");
  }

  @Test
  void readAll_inCallback_doesNotWaitForItself() throws Exception {
    CompletableFuture<List<PhotoOutcome>> all =
        submit(photo("first"))
            .thenApply(first -> workers.readAll(List.of(photo("a"), photo("bad"), photo("b"))));
    gate.release(ALL);

    assertThat(get(all))
        .extracting(outcome -> outcome.reading().isPresent())
        .containsExactly(true, false, true);
  }

  @Test
  void submit_afterCancelledPhotos_findsTheirRoomAndTheyAreNotRead() throws Exception {
    fill().forEach(each -> each.cancel(false));
    gate.release(ALL);

    for (CompletableFuture<ShelfReading> each : fill()) {
      get(each);
    }
    assertThat(read).endsWith("p0", "p1", "p2", "p3", "p4").hasSizeLessThanOrEqualTo(ROOM + 1);
  }

  @Test
  void submit_interruptedWhileItWaits_givesAFailedFuture() throws Exception {
    fill();
    Thread[] submitter = new Thread[1];
    FutureTask<CompletableFuture<ShelfReading>> sixth =
        start(
            () -> {
              submitter[0] = Thread.currentThread();
              return submit(photo("sixth"));
            });
    submitter[0].interrupt();

    assertThatThrownBy(() -> get(get(sixth)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read photo sixth: the caller was interrupted");
  }

  @Test
  void submit_readerFails_failsThatFutureAlone() throws Exception {
    gate.release(ALL);
    CompletableFuture<ShelfReading> bad = submit(photo("bad"));
    CompletableFuture<ShelfReading> huge = submit(photo("huge"));

    assertThat(get(submit(photo("good"))).source()).isEqualTo("good");
    assertThatThrownBy(() -> get(bad))
        .hasCauseInstanceOf(UnreadablePhotoException.class)
        .hasMessageContaining("Cannot read photo bad: found a letter");
    assertThatThrownBy(() -> get(huge)).hasCauseInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void close_photosQueuedAndACallerWaiting_readsTheOneAndRefusesTheOther() throws Exception {
    List<CompletableFuture<ShelfReading>> pending = fill();
    FutureTask<CompletableFuture<ShelfReading>> sixth = start(() -> submit(photo("sixth")));
    FutureTask<Boolean> closing =
        start(
            () -> {
              workers.close();
              return true;
            });
    assertThatThrownBy(() -> get(sixth))
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read photos: the price tag recognizer is closed");
    assertThat(closing.isDone()).isFalse();

    gate.release(ALL);
    assertThat(get(closing)).isTrue();
    for (CompletableFuture<ShelfReading> each : pending) {
      assertThat(get(each)).isNotNull();
    }
  }

  @Test
  void read_deadlinePassesWhileItIsRead_callerIsToldMeanwhile() throws Exception {
    ReadOptions hasty = ReadOptions.interactive().within(Duration.ofMillis(30));

    assertThatThrownBy(() -> workers.read(photo("slow"), hasty))
        .isInstanceOf(DeadlineException.class)
        .hasMessage(
            "Cannot read photo slow: found it unfinished after 30 ms, expected an answer by then (give it more time, or ask less at once)");
    assertThat(read).isEmpty();
  }

  @Test
  void read_interrupted_leavesAndThePhotoIsGivenUp() throws Exception {
    fill().get(4).cancel(false);
    ReadOptions patient = ReadOptions.interactive().within(Duration.ofMinutes(1));
    Thread[] reader = new Thread[1];
    FutureTask<Boolean> reading =
        start(
            () -> {
              reader[0] = Thread.currentThread();
              try {
                workers.read(photo("mine"), patient);
                return false;
              } catch (IllegalStateException e) {
                assertThat(e).hasMessage("Cannot read photo mine: the caller was interrupted");
                return Thread.interrupted();
              }
            });
    reader[0].interrupt();

    assertThat(get(reading)).isTrue();
    gate.release(ALL);
    workers.close();
    assertThat(read).containsExactly("p0", "p1", "p2", "p3");
  }

  @Test
  void read_inCallback_doesNotWaitForItself() throws Exception {
    ReadOptions patient = ReadOptions.interactive().within(Duration.ofMinutes(1));
    CompletableFuture<ShelfReading> chained =
        submit(photo("first")).thenApply(first -> workers.read(photo("inside"), patient));
    gate.release(ALL);

    assertThat(get(chained).source()).isEqualTo("inside");
  }

  @Test
  void bulk_queueThatRejects_waitsForRoomNevertheless() {
    PhotoWorkers rejecting =
        new PhotoWorkers(
            new BatchLimits(1, 1, Duration.ZERO, 1, WhenFull.REJECT),
            (photo, request) -> read(photo),
            null);
    gate.release(ALL);
    List<ShelfPhoto> photos = IntStream.range(0, 40).mapToObj(i -> photo("p" + i)).toList();

    assertThat(rejecting.readAll(photos)).allMatch(outcome -> outcome.reading().isPresent());
    assertThat(photos)
        .extracting(photo -> rejecting.submit(photo, ReadOptions.bulk()))
        .allMatch(reading -> !reading.isCompletedExceptionally());
    rejecting.close();
  }

  @Test
  void readAll_manyPhotosAndTwoBad_givesOneOutcomeEachInOrder() {
    gate.release(ALL);
    List<ShelfPhoto> photos =
        IntStream.range(0, 40)
            .mapToObj(i -> photo(i == 7 ? "bad" : i == 20 ? "huge" : "p" + i))
            .toList();

    List<PhotoOutcome> outcomes = workers.readAll(photos);

    assertThat(outcomes).extracting(PhotoOutcome::photo).isEqualTo(photos);
    assertThat(outcomes).filteredOn(outcome -> outcome.reading().isPresent()).hasSize(38);
    assertThat(outcomes.get(7).failure()).containsInstanceOf(UnreadablePhotoException.class);
    assertThat(outcomes.get(20).failure().orElseThrow())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read photo huge: java.lang.OutOfMemoryError: no memory for huge");
  }

  @Test
  void readAll_interrupted_failsWhatIsNotRead() {
    Thread.currentThread().interrupt();
    List<PhotoOutcome> outcomes = workers.readAll(List.of(photo("a"), photo("b")));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(outcomes)
        .extracting(outcome -> outcome.failure().orElseThrow().getMessage())
        .containsExactly(
            "Cannot read photo a: the caller was interrupted",
            "Cannot read photo b: the caller was interrupted");
  }
}
