package io.shelfmark.dataset;

import io.shelfmark.internal.dvc.FolderRemote;
import io.shelfmark.internal.dvc.StoreRemote;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where DVC keeps content: what {@code dvc remote add} names. Get one from {@link #at(Path)} for a
 * folder or a DVC cache, or from {@link #in(BlobStore)} for a bucket; {@link Dataset#importDvc} and
 * {@link DatasetVersion#exportDvc} use it. Implementations are thread-safe.
 */
public interface DvcRemote {

  /** A folder: a remote, or the {@code .dvc/cache} of a repository. Exporting creates it. */
  static DvcRemote at(Path folder) {
    return new FolderRemote(folder);
  }

  /** A bucket and prefix, opened as a store, which stays the caller's. */
  static DvcRemote in(BlobStore store) {
    return new StoreRemote(store);
  }

  /**
   * Opens the object of a key, such as {@code files/md5/ab/cdef}.
   *
   * @return a stream that the caller closes, or nothing when there is no such object
   */
  Optional<InputStream> open(String key) throws IOException;

  /** Whether there is an object of a key and a length in bytes. */
  boolean has(String key, long size) throws IOException;

  /** Stores an object whole or not at all. */
  void put(String key, BlobContent content) throws IOException;
}
