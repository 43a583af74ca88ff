package io.shelfmark.storage;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Opens the stores of one URI scheme. An adapter names its provider in {@code
 * META-INF/services/io.shelfmark.storage.BlobStoreProvider}; hosts call {@link
 * BlobStore#open(URI)}. Implementations are thread-safe and have a public constructor without
 * parameters that does nothing.
 */
public interface BlobStoreProvider {

  /** The scheme, in lower case, such as {@code s3}. */
  String scheme();

  /**
   * Opens the store at an address of this scheme.
   *
   * @throws StorageException when it cannot be opened
   */
  BlobStore open(URI location);

  /**
   * The provider on the class path for an address.
   *
   * @throws IllegalArgumentException when the address has no scheme
   * @throws StorageException when there is no provider for it
   */
  static BlobStoreProvider of(URI location) {
    if (location.getScheme() == null) {
      throw new IllegalArgumentException(
          "Cannot open store %s: found no scheme, expected one such as file: or s3:"
              .formatted(location));
    }
    String scheme = location.getScheme().toLowerCase(Locale.ROOT);
    List<String> found = new ArrayList<>();
    for (BlobStoreProvider provider : ServiceLoader.load(BlobStoreProvider.class)) {
      if (provider.scheme().equals(scheme)) {
        return provider;
      }
      found.add(provider.scheme());
    }
    Map<String, String> adapters =
        Map.of(
            "file", "io.shelfmark:shelfmark-storage-fs", "s3", "io.shelfmark:shelfmark-storage-s3");
    String cure =
        adapters.containsKey(scheme)
            ? "add " + adapters.get(scheme) + " to the class path"
            : "add the adapter for it to the class path";
    throw new StorageException(
        "Cannot open store of scheme %s: found adapters for %s, expected one for %s (%s)"
            .formatted(scheme, found, scheme, cure));
  }
}
