package io.shelfmark.storage;

import java.util.Objects;

/**
 * What became of content added to a {@link BlobBatch}.
 *
 * @param digest its identity; {@link BlobKey#of(Digest)} is its key
 * @param size its length in bytes
 * @param origin whether it had to be written
 */
public record StoredBlob(Digest digest, long size, Origin origin) {

  /** Whether content had to be written. */
  public enum Origin {
    /** This batch wrote it. */
    WRITTEN,
    /** The store had it already. */
    PRESENT
  }

  /** Checks that everything is there. */
  public StoredBlob {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(origin, "origin");
  }
}
