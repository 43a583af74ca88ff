package io.shelfmark.internal.storage;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Content on its way into a store, checked as it passes: the last byte is not handed on before the
 * length and the digest of all are as announced. A store that reads this never completes a write of
 * something else. Not thread-safe.
 */
public final class ExpectedContentStream extends ForwardStream {

  private final MessageDigest calculation = Digest.start();
  private final Digest digest;
  private final long size;
  private long count;
  private boolean checked;

  private ExpectedContentStream(InputStream in, Digest digest, long size) {
    super(in);
    this.digest = digest;
    this.size = size;
  }

  /** The same content that refuses to be other than of this digest and size. */
  public static BlobContent expecting(BlobContent content, Digest digest, long size) {
    return BlobContent.of(size, () -> new ExpectedContentStream(content.open(), digest, size));
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read > 0) {
      count += read;
      if (count > size) {
        throw changed("more than " + size + " bytes");
      }
      calculation.update(buffer, offset, read);
    }
    if (!checked && (read < 0 || count == size)) {
      check();
    }
    return read;
  }

  @Override
  public long skip(long n) throws IOException {
    throw new IOException("content is read, not skipped");
  }

  private void check() {
    checked = true;
    if (count != size) {
      throw changed(count + " bytes");
    }
    Digest found = Digest.of(calculation);
    if (!found.equals(digest)) {
      throw changed(found.toString());
    }
  }

  private ContentChangedException changed(String found) {
    return new ContentChangedException(
        "Cannot store content: found %s while it was written, expected %s of %d bytes (let its writer finish, then add it again)"
            .formatted(found, digest, size));
  }
}
