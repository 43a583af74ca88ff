package io.shelfmark.storage.fs;

import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StoredBlob;
import io.shelfmark.storage.StoredBlob.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Adds content to a folder. Each file is synced by the thread that adds it, many at once, which the
 * journal of the file system gathers into few commits; the folders, at most 256, are synced at the
 * end. Content of up to 1 MiB is hashed before anything is written; longer content is hashed while
 * it is written, and is dropped again if the store had it. Thread-safe.
 */
final class FsBatch implements BlobBatch {

  private static final int SMALL = 1 << 20;

  private final FsBlobStore store;
  private final BlobFiles files;
  private final Set<Path> folders = ConcurrentHashMap.newKeySet();
  private final HashingWriter hashing = new HashingWriter();
  private final AtomicBoolean closed = new AtomicBoolean();

  FsBatch(FsBlobStore store, BlobFiles files) {
    this.store = store;
    this.files = files;
  }

  @Override
  public StoredBlob add(BlobContent content) {
    requireOpen();
    Path file = store.writer().scratchFile();
    try {
      try (InputStream stream = ContentCopy.open(content)) {
        byte[] start = head(content, stream);
        return start.length < SMALL
            ? addSmall(content, start, file)
            : addLarge(content, start, stream, file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw files.failure("add content", content.file().map(Path::toString).orElse("a stream"), e);
    }
  }

  /** All of the content, or {@code SMALL} bytes of it. */
  private static byte[] head(BlobContent content, InputStream stream) {
    byte[] buffer = new byte[(int) Math.min(SMALL, content.size().orElse(SMALL - 1) + 1)];
    int filled = 0;
    while (filled < SMALL) {
      if (filled == buffer.length) {
        buffer = Arrays.copyOf(buffer, SMALL);
      }
      int read = ContentCopy.read(stream, buffer, filled, buffer.length - filled);
      if (read < 0) {
        return filled == buffer.length ? buffer : Arrays.copyOf(buffer, filled);
      }
      filled += read;
    }
    return buffer;
  }

  private StoredBlob addSmall(BlobContent content, byte[] bytes, Path file) throws IOException {
    ContentCopy.requireSize(content, bytes.length);
    Digest digest = Digest.of(bytes);
    if (store.head(BlobKey.of(digest)).isPresent()) {
      return present(digest, bytes.length);
    }
    ContentCopy.write(bytes, file);
    return publish(file, digest, bytes.length);
  }

  private StoredBlob addLarge(BlobContent content, byte[] start, InputStream stream, Path file)
      throws IOException {
    MessageDigest calculation = Digest.start();
    long size;
    try (FileChannel channel = Scratch.create(file)) {
      calculation.update(start);
      ContentCopy.writeAll(channel, ByteBuffer.wrap(start));
      size = start.length + hashing.copy(stream, channel, calculation);
      ContentCopy.requireSize(content, size);
      channel.force(true);
    }
    return publish(file, Digest.of(calculation), size);
  }

  private StoredBlob publish(Path file, Digest digest, long size) throws IOException {
    BlobKey key = BlobKey.of(digest);
    store.writer().folderOf(key);
    if (!store.writer().offer(key, file)) {
      return present(digest, size);
    }
    folders.add(store.writer().folderOf(key));
    return new StoredBlob(digest, size, Origin.WRITTEN);
  }

  /** Another writer may have named the file and not yet synced the folder. */
  private StoredBlob present(Digest digest, long size) throws IOException {
    folders.add(store.writer().folderOf(BlobKey.of(digest)));
    return new StoredBlob(digest, size, Origin.PRESENT);
  }

  @Override
  public void sync() {
    requireOpen();
    for (Path folder : Set.copyOf(folders)) {
      // removed before it is synced: who adds meanwhile puts it in again
      folders.remove(folder);
      try {
        FileSync.folder(folder);
      } catch (IOException e) {
        folders.add(folder);
        throw files.failure("sync folder", folder, e);
      }
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      hashing.close();
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the batch of " + store.location() + " is closed");
    }
  }
}
