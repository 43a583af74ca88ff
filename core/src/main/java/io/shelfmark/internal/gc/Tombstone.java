package io.shelfmark.internal.gc;

import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import java.util.Optional;
import java.util.UUID;

/** What a collected version leaves behind, so that its number is never used again. */
final class Tombstone {

  private Tombstone() {}

  static boolean is(BlobStore store, BlobKey version) {
    return ConditionalWrite.read(store, version)
        .filter(bytes -> Json.parse(bytes, version).has("collectedAt"))
        .isPresent();
  }

  /** Puts a tombstone in the place of a version; tells what it was, if it was one. */
  static Optional<BlobInfo> put(BlobStore store, BlobKey version) {
    Optional<BlobInfo> info = store.head(version);
    if (info.isEmpty() || is(store, version)) {
      return Optional.empty();
    }
    byte[] document =
        Json.bytes(
            Json.document()
                .put("collectedAt", store.currentTime().toString())
                .put("claim", UUID.randomUUID().toString()));
    return ConditionalWrite.replace(store, version, document, info.get().etag())
        ? info
        : Optional.empty();
  }
}
