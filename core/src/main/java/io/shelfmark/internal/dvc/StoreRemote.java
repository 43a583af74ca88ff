package io.shelfmark.internal.dvc;

import io.shelfmark.dataset.DvcRemote;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobNotFoundException;
import io.shelfmark.storage.BlobStore;
import java.io.InputStream;
import java.util.Optional;

/**
 * A remote in a bucket: DVC's keys are a store's keys.
 *
 * @param store the bucket and prefix
 */
public record StoreRemote(BlobStore store) implements DvcRemote {

  @Override
  public Optional<InputStream> open(String key) {
    try {
      return Optional.of(store.open(BlobKey.of(key)));
    } catch (BlobNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean has(String key, long size) {
    return store.head(BlobKey.of(key)).filter(blob -> blob.size() == size).isPresent();
  }

  @Override
  public void put(String key, BlobContent content) {
    store.put(BlobKey.of(key), content);
  }

  /** Where the store lies. */
  @Override
  public String toString() {
    return store.location().toString();
  }
}
