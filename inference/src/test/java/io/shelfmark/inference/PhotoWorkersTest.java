package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  private static final int ROOM = 1 + PhotoWorkers.QUEUED;
  private static final int ALL = 1000;

  private final Semaphore gate = new Semaphore(0);
  private final ConcurrentLinkedQueue<String> read = new ConcurrentLinkedQueue<>();
  private final PhotoWorkers workers = new PhotoWorkers(1, this::read);

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
    workers.shutdown();
  }

  private static ShelfPhoto photo(String name) {
    return ShelfPhoto.of(name, new byte[0]);
  }

  private List<CompletableFuture<ShelfReading>> fill() {
    return IntStream.range(0, ROOM).mapToObj(i -> workers.submit(photo("p" + i))).toList();
  }

  private static <T> FutureTask<T> start(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "submitter");
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.WAITING && !task.isDone()) {
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
    FutureTask<CompletableFuture<ShelfReading>> sixth = start(() -> workers.submit(photo("sixth")));

    assertThat(sixth.isDone()).isFalse();
    gate.release();
    CompletableFuture<ShelfReading> accepted = get(sixth);
    gate.release(ALL);

    assertThat(get(accepted).source()).isEqualTo("sixth");
    for (CompletableFuture<ShelfReading> each : pending) {
      get(each);
    }
    assertThat(read).containsExactly("p0", "p1", "p2", "p3", "p4", "sixth");
  }

  @Test
  void submit_inCallbackWithoutRoom_doesNotWaitForItself() throws Exception {
    CompletableFuture<ShelfReading> chained =
        fill().get(0).thenCompose(first -> workers.submit(photo("next")));
    FutureTask<CompletableFuture<ShelfReading>> waiting =
        start(() -> workers.submit(photo("waiting")));
    gate.release(ALL);

    assertThat(get(chained).source()).isEqualTo("next");
    assertThat(get(get(waiting)).source()).isEqualTo("waiting");
  }

  @Test
  void readAll_inCallback_doesNotWaitForItself() throws Exception {
    CompletableFuture<List<PhotoOutcome>> all =
        workers
            .submit(photo("first"))
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
              return workers.submit(photo("sixth"));
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
    CompletableFuture<ShelfReading> bad = workers.submit(photo("bad"));
    CompletableFuture<ShelfReading> huge = workers.submit(photo("huge"));

    assertThat(get(workers.submit(photo("good"))).source()).isEqualTo("good");
    assertThatThrownBy(() -> get(bad))
        .hasCauseInstanceOf(UnreadablePhotoException.class)
        .hasMessageContaining("Cannot read photo bad: found a letter");
    assertThatThrownBy(() -> get(huge)).hasCauseInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void shutdown_photosQueuedAndACallerWaiting_leavesNoFutureOpen() throws Exception {
    List<CompletableFuture<ShelfReading>> pending = fill();
    FutureTask<CompletableFuture<ShelfReading>> sixth = start(() -> workers.submit(photo("sixth")));
    workers.shutdown();
    gate.release(ALL);

    for (CompletableFuture<ShelfReading> each : pending) {
      assertThat(get(each)).isNotNull();
    }
    assertThatThrownBy(() -> get(sixth))
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read photos: the price tag recognizer is closed");
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
