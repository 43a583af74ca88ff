package io.shelfmark.internal.storage;

import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Content read by its digest and checked against it. The last block is not handed out before all
 * bytes are known to be right, so that a reader never gets the whole of damaged content; of content
 * of up to one block it gets nothing. Not thread-safe; the caller closes it.
 */
public final class VerifiedContent extends ForwardStream {

  private static final int BLOCK = 64 * 1024;

  private final Digest digest;
  private final MessageDigest calculation = Digest.start();
  private byte[] block = new byte[BLOCK];
  private byte[] ahead = new byte[BLOCK];
  private int position;
  private int end;
  private int aheadEnd;

  /** What all bytes have, once they are read. */
  private @Nullable Digest found;

  private VerifiedContent(InputStream in, Digest digest) throws IOException {
    super(in);
    this.digest = digest;
    aheadEnd = fill(ahead);
    advance();
  }

  /**
   * Opens content.
   *
   * @throws io.shelfmark.storage.BlobNotFoundException when the store lacks it
   * @throws CorruptBlobException when it is damaged; reading throws it, too
   */
  public static InputStream open(BlobStore store, Digest digest) {
    InputStream raw = store.open(BlobKey.of(digest));
    try {
      return new VerifiedContent(raw, digest);
    } catch (IOException e) {
      closeQuietly(raw, e);
      throw unreadable(digest, e);
    } catch (RuntimeException e) {
      closeQuietly(raw, e);
      throw e;
    }
  }

  /** All bytes of content that is known to be small. */
  public static byte[] read(BlobStore store, Digest digest) {
    try (InputStream stream = open(store, digest)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw unreadable(digest, e);
    }
  }

  private static StorageException unreadable(Digest digest, IOException e) {
    return new StorageException(
        "Cannot read blob %s: found %s, expected readable bytes (try again)".formatted(digest, e),
        e);
  }

  private static void closeQuietly(InputStream stream, Exception cause) {
    try {
      stream.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Makes the block read ahead the current one, once it is known not to be the last bad one. */
  private void advance() throws IOException {
    byte[] free = block;
    block = ahead;
    end = aheadEnd;
    position = 0;
    ahead = free;
    aheadEnd = end < BLOCK ? 0 : fill(ahead);
    if (aheadEnd == 0) {
      found = Digest.of(calculation);
      requireSound(found);
    }
  }

  /** Fails again each time: of what is damaged nothing more is handed out. */
  private void requireSound(Digest found) {
    if (!found.equals(digest)) {
      position = end;
      throw new CorruptBlobException(digest, "bytes of " + found);
    }
  }

  private int fill(byte[] buffer) throws IOException {
    int filled = in.readNBytes(buffer, 0, buffer.length);
    calculation.update(buffer, 0, filled);
    return filled;
  }

  /** Whether there are bytes left to hand out. */
  private boolean hasBytes() throws IOException {
    if (position == end) {
      if (found == null) {
        advance();
      } else {
        requireSound(found);
      }
    }
    return position < end;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!hasBytes()) {
      return -1;
    }
    int count = Math.min(length, end - position);
    System.arraycopy(block, position, buffer, offset, count);
    position += count;
    return count;
  }

  /** Hands out whole blocks, without the copy in between that is made by default. */
  @Override
  public long transferTo(OutputStream out) throws IOException {
    long count = 0;
    while (hasBytes()) {
      out.write(block, position, end - position);
      count += end - position;
      position = end;
    }
    return count;
  }

  @Override
  public int available() {
    return end - position;
  }
}
