package io.shelfmark.dataset;

import io.shelfmark.artifact.FileEntry;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import java.io.InputStream;

/** A file of a version that can be read straight from the store. Immutable and thread-safe. */
public final class DatasetEntry {

  private final BlobStore store;
  private final FileEntry file;

  DatasetEntry(BlobStore store, FileEntry file) {
    this.store = store;
    this.file = file;
  }

  /** Path, digest and size. */
  public FileEntry file() {
    return file;
  }

  /** Its path in the version. */
  public String path() {
    return file.path();
  }

  /** The digest of its bytes. */
  public Digest digest() {
    return file.digest();
  }

  /** Its length in bytes. */
  public long size() {
    return file.size();
  }

  /**
   * Reads it. The stream ends with {@link io.shelfmark.storage.CorruptBlobException} instead of its
   * last block when the bytes are not those that were committed.
   *
   * @return a stream that the caller closes
   */
  public InputStream open() {
    return VerifiedContent.open(store, file.digest());
  }

  /** Its path. */
  @Override
  public String toString() {
    return file.path();
  }
}
