package io.shelfmark.storage;

/**
 * A blob's bytes are not those that its digest names. Restore it from another copy: adding the same
 * content again does not replace it while it lies there.
 */
public final class CorruptBlobException extends StorageException {

  private static final long serialVersionUID = 1L;

  private final String digest;

  /** Reports that the blob of a digest holds something else. */
  public CorruptBlobException(Digest digest, String found) {
    super(
        "Cannot read blob %s: found %s, expected the bytes of that digest (restore it from another copy)"
            .formatted(digest, found));
    this.digest = digest.hex();
  }

  /** The digest whose blob is damaged. */
  public Digest digest() {
    return new Digest(digest);
  }
}
