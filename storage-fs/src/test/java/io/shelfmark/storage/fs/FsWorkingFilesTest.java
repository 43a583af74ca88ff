package io.shelfmark.storage.fs;

import io.shelfmark.storage.BlobStore;
import io.shelfmark.testing.WorkingFilesContract;

class FsWorkingFilesTest extends WorkingFilesContract {

  @Override
  protected BlobStore open() {
    return FsBlobStore.open(temporary.resolve("store"));
  }
}
