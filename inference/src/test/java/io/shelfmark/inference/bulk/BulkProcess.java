package io.shelfmark.inference.bulk;

import io.shelfmark.inference.ShelfReading;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** A process that reads a folder into a file and says after each photo how many it has read. */
final class BulkProcess {

  private static final long PHOTO_NANOS = 1_000_000;

  private BulkProcess() {}

  public static void main(String[] args) {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    ScriptedRecognizer recognizer =
        new ScriptedRecognizer(
            photo ->
                CompletableFuture.<ShelfReading>supplyAsync(
                    () -> {
                      LockSupport.parkNanos(PHOTO_NANOS);
                      return ScriptedRecognizer.reading(photo);
                    },
                    threads));
    BulkRecognition.of(recognizer)
        .photosInFlight(8)
        .progress(Duration.ZERO, progress -> System.out.println(progress.read()))
        .run(Path.of(args[0]), Path.of(args[1]));
    threads.shutdown();
  }
}
