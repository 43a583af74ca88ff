package io.shelfmark.storage;

import java.time.Instant;
import java.util.Objects;

/**
 * What a store knows of a blob without reading it.
 *
 * @param key its name
 * @param size its length in bytes
 * @param etag what the store calls this state of it
 * @param lastModified when it was written, by the store's clock
 */
public record BlobInfo(BlobKey key, long size, ETag etag, Instant lastModified) {

  /** Checks that everything is there. */
  public BlobInfo {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(etag, "etag");
    Objects.requireNonNull(lastModified, "lastModified");
  }
}
