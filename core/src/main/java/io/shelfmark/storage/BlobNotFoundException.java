package io.shelfmark.storage;

/** A blob that was to be read is not in the store. Look elsewhere, or restore it. */
public final class BlobNotFoundException extends StorageException {

  private static final long serialVersionUID = 1L;

  private final String key;

  /** Reports that a key of the store at a location is free. */
  public BlobNotFoundException(BlobKey key, Object location) {
    super(
        "Cannot read blob %s: found nothing in %s, expected it there (check the store's address, or restore the blob)"
            .formatted(key, location));
    this.key = key.value();
  }

  /** The key that is free. */
  public BlobKey key() {
    return BlobKey.of(key);
  }
}
