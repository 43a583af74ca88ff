package io.shelfmark.storage.fs;

import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.BlobStoreProvider;
import java.net.URI;
import java.nio.file.Path;

/** Opens {@code file:} addresses; found by the service loader. Thread-safe. */
public final class FsBlobStoreProvider implements BlobStoreProvider {

  /** For the service loader. */
  public FsBlobStoreProvider() {}

  @Override
  public String scheme() {
    return "file";
  }

  @Override
  public BlobStore open(URI location) {
    return FsBlobStore.open(Path.of(location));
  }
}
