package io.shelfmark.internal.storage;

import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.Digest;
import java.io.IOException;
import java.io.InputStream;

/**
 * A part of content. What is not the whole cannot be checked against the digest of the whole: it is
 * checked to be as long as it should be. Not thread-safe; the caller closes it.
 */
public final class PartialContent extends ForwardStream {

  private final Digest digest;
  private final long expected;
  private long count;

  private PartialContent(InputStream in, Digest digest, long expected) {
    super(in);
    this.digest = digest;
    this.expected = expected;
  }

  /**
   * Opens a part of content of a known length; a range that covers all of it gives content that is
   * checked like {@link VerifiedContent}.
   *
   * @throws io.shelfmark.storage.BlobNotFoundException when the store lacks it
   */
  public static InputStream open(BlobStore store, Digest digest, long size, ByteRange range) {
    if (range.offset() == 0 && range.length() >= size) {
      return VerifiedContent.open(store, digest);
    }
    if (range.offset() >= size) {
      return InputStream.nullInputStream();
    }
    return new PartialContent(
        store.open(BlobKey.of(digest), range),
        digest,
        Math.min(range.length(), size - range.offset()));
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read > 0) {
      count += read;
    }
    if (count > expected || (read < 0 && count < expected)) {
      throw new CorruptBlobException(digest, "%d bytes in a part of %d".formatted(count, expected));
    }
    return read;
  }
}
