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

/** Files through the artifact proxy, by the library's client and server. */
class RemoteFileStoreTest extends FileStoreContract {

  @TempDir static Path folder;
  private static ServedWorkspace served;
  private static TrackingStore remote;

  @BeforeAll
  static void open() {
    served = new ServedWorkspace(folder);
    remote = MlflowTracking.at(served.host().uri()).open();
  }

  @AfterAll
  static void close() {
    remote.close();
    served.close();
  }

  @Override
  protected FileStore emptyFiles() {
    return remote.files(
        remote.runs().create(NewRun.of("0", "files", Instant.EPOCH)).info().artifactLocation());
  }
}
