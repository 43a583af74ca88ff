package io.shelfmark.storage;

import io.shelfmark.internal.storage.ContentCache;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A store whose content, once read, is read from a local folder: for a bucket that is far away. Get
 * one from {@link #of}, or name a folder by {@code Workspace.builder().cacheDirectory(folder)}.
 *
 * <p>Only content that is named by its digest is cached, which never changes; versions, aliases and
 * whether something exists are always asked of the store behind. Copies are checked against their
 * digest when they are fetched and once more by each process; a damaged one is fetched anew. What
 * was collected elsewhere may still be read here. Least recently read copies are removed when the
 * folder exceeds its size. Several processes may share a folder, which may be emptied at any time.
 *
 * <p>Thread-safe. Closing it leaves the store behind open, which is its opener's.
 */
public final class CachingBlobStore implements BlobStore {

  /** 20 GB. */
  public static final long DEFAULT_SIZE = 20_000_000_000L;

  private final BlobStore store;
  private final ContentCache cache;
  private volatile boolean closed;

  private CachingBlobStore(BlobStore store, ContentCache cache) {
    this.store = store;
    this.cache = cache;
  }

  /**
   * Puts a cache before a store.
   *
   * @param folder created when it is missing
   * @param maximumSize of the folder in bytes; content longer than a fourth of it is not kept
   * @throws StorageException when the folder cannot be used
   */
  public static CachingBlobStore of(BlobStore store, Path folder, long maximumSize) {
    return new CachingBlobStore(store, ContentCache.open(folder, maximumSize));
  }

  /** The same of 20 GB. */
  public static CachingBlobStore of(BlobStore store, Path folder) {
    return of(store, folder, DEFAULT_SIZE);
  }

  @Override
  public URI location() {
    return store.location();
  }

  @Override
  public Access access() {
    return store.access();
  }

  @Override
  public Instant currentTime() {
    return open().currentTime();
  }

  @Override
  public BlobInfo put(BlobKey key, BlobContent content) {
    return open().put(key, content);
  }

  @Override
  public BlobInfo putIfAbsent(BlobKey key, BlobContent content) {
    return open().putIfAbsent(key, content);
  }

  @Override
  public BlobInfo replace(BlobKey key, BlobContent content, ETag expected) {
    return open().replace(key, content, expected);
  }

  @Override
  public InputStream open(BlobKey key) {
    Optional<Digest> digest = key.digest();
    return digest.isPresent() ? content(key, digest.get()) : open().open(key);
  }

  private InputStream content(BlobKey key, Digest digest) {
    BlobStore behind = open();
    try {
      Optional<Path> copy = cache.find(digest);
      if (copy.isEmpty()) {
        copy = cache.fetch(digest, () -> behind.open(key));
      }
      if (copy.isPresent()) {
        return Files.newInputStream(copy.get());
      }
    } catch (IOException e) {
      // a cache that is full, emptied or gone costs time, never a reading
    }
    return behind.open(key);
  }

  @Override
  public InputStream open(BlobKey key, ByteRange range) {
    return open().open(key, range);
  }

  /** Nothing: a copy may be removed at any time. */
  @Override
  public Optional<Path> file(BlobKey key) {
    open();
    return Optional.empty();
  }

  @Override
  public Optional<BlobInfo> head(BlobKey key) {
    return open().head(key);
  }

  @Override
  public Stream<BlobInfo> list(String prefix) {
    return open().list(prefix);
  }

  @Override
  public void delete(BlobKey key) {
    open().delete(key);
    key.digest().ifPresent(cache::forget);
  }

  @Override
  public BlobBatch batch() {
    return open().batch();
  }

  @Override
  public Optional<DirectUploads> directUploads() {
    return open().directUploads();
  }

  @Override
  public void close() {
    closed = true;
  }

  private BlobStore open() {
    if (closed) {
      throw new IllegalStateException("the store " + location() + " is closed");
    }
    return store;
  }
}
