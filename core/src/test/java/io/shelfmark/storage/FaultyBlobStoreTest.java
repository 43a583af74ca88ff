package io.shelfmark.storage;

import io.shelfmark.testing.BlobStoreContract;
import io.shelfmark.testing.FaultyBlobStore;
import io.shelfmark.testing.InMemoryBlobStore;

/** Without a fault it is a store like any other. */
class FaultyBlobStoreTest extends BlobStoreContract {

  private final InMemoryBlobStore shared = new InMemoryBlobStore();

  @Override
  public BlobStore open() {
    return new FaultyBlobStore(shared.another());
  }
}
