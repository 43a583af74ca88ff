package io.shelfmark.internal.storage;

import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import io.shelfmark.storage.StoredBlob;
import io.shelfmark.storage.StoredBlob.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The batch of a store whose writes are durable one by one: content is read twice, once for its
 * digest and once, if the store lacks it, to write it. Thread-safe.
 */
public final class HashFirstBatch implements BlobBatch {

  private static final int BUFFER = 128 * 1024;

  private final BlobStore store;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** A batch of a store, which stays the caller's. */
  public HashFirstBatch(BlobStore store) {
    this.store = store;
  }

  @Override
  public StoredBlob add(BlobContent content) {
    requireOpen();
    MessageDigest calculation = Digest.start();
    long size = hash(content, calculation);
    Digest digest = Digest.of(calculation);
    BlobKey key = BlobKey.of(digest);
    if (store.head(key).isPresent()) {
      return new StoredBlob(digest, size, Origin.PRESENT);
    }
    try {
      store.putIfAbsent(key, ExpectedContentStream.expecting(content, digest, size));
      return new StoredBlob(digest, size, Origin.WRITTEN);
    } catch (BlobConflictException e) {
      return new StoredBlob(digest, size, Origin.PRESENT);
    }
  }

  private static long hash(BlobContent content, MessageDigest calculation) {
    long size = 0;
    try (InputStream stream = content.open()) {
      byte[] buffer = new byte[BUFFER];
      for (int read; (read = stream.read(buffer)) >= 0; size += read) {
        calculation.update(buffer, 0, read);
      }
    } catch (IOException e) {
      throw new StorageException(
          "Cannot read content to store: found %s, expected readable bytes".formatted(e), e);
    }
    if (content.size().isPresent() && content.size().getAsLong() != size) {
      throw new ContentChangedException(
          "Cannot store content: found %d bytes, expected %d (let its writer finish, then add it again)"
              .formatted(size, content.size().getAsLong()));
    }
    return size;
  }

  @Override
  public void sync() {
    requireOpen();
  }

  @Override
  public void close() {
    closed.set(true);
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the batch of " + store.location() + " is closed");
    }
  }
}
