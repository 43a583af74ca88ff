package io.shelfmark.storage;

import io.shelfmark.testing.BlobStoreContract;
import io.shelfmark.testing.InMemoryBlobStore;

class InMemoryBlobStoreTest extends BlobStoreContract {

  private final InMemoryBlobStore shared = new InMemoryBlobStore();

  @Override
  public BlobStore open() {
    return shared.another();
  }
}
