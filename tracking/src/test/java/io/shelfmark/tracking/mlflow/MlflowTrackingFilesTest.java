package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.FileStoreContract;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.TrackingStore;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The client's files, through the server's proxy, in a workspace. */
class MlflowTrackingFilesTest extends FileStoreContract {

  @TempDir static Path folder;
  private static ServedWorkspace served;
  private static TrackingStore store;

  @BeforeAll
  static void open() {
    served = new ServedWorkspace(folder);
    store = MlflowTracking.at(served.host().uri()).multipartFrom(1).open();
  }

  @AfterAll
  static void close() {
    store.close();
    served.close();
  }

  @Override
  protected FileStore emptyFiles() {
    return store.files(
        store
            .runs()
            .create(NewRun.of("0", "files", Instant.EPOCH.plusMillis(1)))
            .info()
            .artifactLocation());
  }
}
