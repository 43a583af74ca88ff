package io.shelfmark.internal.storage;

import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobNotFoundException;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import io.shelfmark.storage.UnknownOutcomeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Conditional writes of small documents that no other writer's equal: each holds a random number.
 * Therefore, when the reply was lost or a repetition met a conflict, the document in the store
 * tells whether the write had succeeded.
 */
public final class ConditionalWrite {

  private static final int ATTEMPTS = 3;

  private ConditionalWrite() {}

  /** Claims a free key; false when another writer has it. */
  public static boolean claim(BlobStore store, BlobKey key, byte[] document) {
    return write(store, key, document, () -> store.putIfAbsent(key, BlobContent.of(document)));
  }

  /** Replaces an expected state; false when another writer was first. */
  public static boolean replace(BlobStore store, BlobKey key, byte[] document, ETag expected) {
    return write(
        store, key, document, () -> store.replace(key, BlobContent.of(document), expected));
  }

  private static boolean write(BlobStore store, BlobKey key, byte[] document, Runnable attempt) {
    for (int left = ATTEMPTS; ; left--) {
      try {
        attempt.run();
        return true;
      } catch (BlobConflictException e) {
        return holds(store, key, document);
      } catch (UnknownOutcomeException e) {
        if (holds(store, key, document)) {
          return true;
        }
        if (left == 1) {
          throw e;
        }
      }
    }
  }

  private static boolean holds(BlobStore store, BlobKey key, byte[] document) {
    return read(store, key).filter(found -> Arrays.equals(found, document)).isPresent();
  }

  /** A small document, or nothing when the key is free. */
  public static Optional<byte[]> read(BlobStore store, BlobKey key) {
    try (InputStream stream = store.open(key)) {
      return Optional.of(stream.readAllBytes());
    } catch (BlobNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot read blob %s: found %s, expected readable bytes (try again)".formatted(key, e),
          e);
    }
  }
}
