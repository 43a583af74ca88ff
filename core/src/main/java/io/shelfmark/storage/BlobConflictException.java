package io.shelfmark.storage;

/** A conditional write met another state than expected. Read the blob again, then decide anew. */
public final class BlobConflictException extends StorageException {

  private static final long serialVersionUID = 1L;

  private final String key;

  /** Reports that a key has another state than expected. */
  public BlobConflictException(BlobKey key, String found, String expected) {
    super(
        "Cannot write blob %s: found %s, expected %s (read it again)"
            .formatted(key, found, expected));
    this.key = key.value();
  }

  /** The key that was to be written. */
  public BlobKey key() {
    return BlobKey.of(key);
  }
}
