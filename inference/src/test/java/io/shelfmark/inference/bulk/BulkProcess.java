package io.shelfmark.inference.bulk;

import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that reads so many photos of a folder into a file, says after each how many it has
 * read, and then hangs until it is killed.
 */
final class BulkProcess {

  private static final long PHOTO_NANOS = 1_000_000;

  private BulkProcess() {}

  public static void main(String[] args) {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicInteger left = new AtomicInteger(Integer.parseInt(args[2]));
    ScriptedRecognizer recognizer =
        new ScriptedRecognizer(
            photo ->
                left.decrementAndGet() < 0
                    ? new CompletableFuture<>()
                    : CompletableFuture.supplyAsync(() -> read(photo), threads));
    BulkRecognition.of(recognizer)
        .photosInFlight(8)
        .progress(Duration.ZERO, progress -> System.out.println(progress.read()))
        .run(Path.of(args[0]), Path.of(args[1]));
  }

  private static ShelfReading read(ShelfPhoto photo) {
    LockSupport.parkNanos(PHOTO_NANOS);
    return ScriptedRecognizer.reading(photo);
  }
}
