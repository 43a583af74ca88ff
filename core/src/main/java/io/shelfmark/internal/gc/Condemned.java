package io.shelfmark.internal.gc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobNotFoundException;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Lists of keys, one a line, that a collection and its rescuers write. */
final class Condemned {

  private Condemned() {}

  /** The keys that a collection condemned; none when it has ended meanwhile. */
  static List<BlobKey> read(BlobStore store, Collection collection) {
    return read(store, collection.condemned());
  }

  static List<BlobKey> read(BlobStore store, BlobKey list) {
    try (InputStream stream = store.open(list)) {
      return new String(stream.readAllBytes(), UTF_8).lines().map(BlobKey::of).toList();
    } catch (BlobNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot read list %s: found %s, expected readable bytes (try again)".formatted(list, e),
          e);
    }
  }
}
