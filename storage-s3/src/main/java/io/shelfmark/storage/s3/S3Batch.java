package io.shelfmark.storage.s3;

import io.shelfmark.internal.storage.ExpectedContentStream;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StoredBlob;
import io.shelfmark.storage.StoredBlob.Origin;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Adds content to a bucket. What S3 has confirmed is durable, so there is nothing to sync. Content
 * of up to 1 MiB is read once; longer content is read for its digest, and once more if the store
 * lacks it. Thread-safe.
 */
final class S3Batch implements BlobBatch {

  private static final int SMALL = 1 << 20;

  /** Up to this it costs less to send content than to ask for it first. */
  private static final int SENT_UNASKED = 64 * 1024;

  private final S3BlobStore store;
  private final AtomicBoolean closed = new AtomicBoolean();

  S3Batch(S3BlobStore store) {
    this.store = store;
  }

  @Override
  public StoredBlob add(BlobContent content) {
    requireOpen();
    ObjectWriter writer = store.writer();
    MessageDigest calculation = Digest.start();
    long size;
    try (ContentReader reader = ContentReader.open(content)) {
      Block start = reader.read(SMALL);
      calculation.update(start.bytes(), 0, start.length());
      if (reader.isAtEnd()) {
        return addSmall(writer, start, Digest.of(calculation));
      }
      reader.readRest(calculation);
      size = reader.count();
    }
    return addLarge(writer, content, Digest.of(calculation), size);
  }

  private StoredBlob addSmall(ObjectWriter writer, Block block, Digest digest) {
    BlobKey key = BlobKey.of(digest);
    if (block.length() > SENT_UNASKED && store.head(key).isPresent()) {
      return new StoredBlob(digest, block.length(), Origin.PRESENT);
    }
    try {
      writer.put(key, block, Condition.ABSENT);
      return new StoredBlob(digest, block.length(), Origin.WRITTEN);
    } catch (BlobConflictException e) {
      return new StoredBlob(digest, block.length(), Origin.PRESENT);
    }
  }

  private StoredBlob addLarge(ObjectWriter writer, BlobContent content, Digest digest, long size) {
    BlobKey key = BlobKey.of(digest);
    if (store.head(key).isPresent()) {
      return new StoredBlob(digest, size, Origin.PRESENT);
    }
    try {
      writer.writeResumably(key, ExpectedContentStream.expecting(content, digest, size));
      return new StoredBlob(digest, size, Origin.WRITTEN);
    } catch (BlobConflictException e) {
      return new StoredBlob(digest, size, Origin.PRESENT);
    }
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
