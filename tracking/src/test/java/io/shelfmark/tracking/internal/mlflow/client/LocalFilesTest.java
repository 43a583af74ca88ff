package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.FileStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest extends FileStoreContract {

  @TempDir Path folder;
  private int made;

  @Override
  protected FileStore emptyFiles() {
    return new LocalFiles(folder.resolve("run-" + made++));
  }
}
