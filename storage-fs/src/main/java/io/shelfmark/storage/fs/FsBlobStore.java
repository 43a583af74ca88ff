package io.shelfmark.storage.fs;

import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobNotFoundException;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.ReadOnlyStoreException;
import io.shelfmark.storage.StorageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A blob store in a folder, one read-only file for each blob, the key as its path. Get one from
 * {@link #open(Path)}. Any number of stores, threads and processes may work on one folder at once;
 * on a network file system it must have atomic rename or link, and file locks among its clients.
 *
 * <p>A write goes to a scratch file on the same file system, is synced, and then gets its name by a
 * hard link (a free key) or a rename (a taken one), and the folder is synced. Writers of a taken
 * key exclude each other by a file lock. Names that begin with a dot are the store's own: {@code
 * .scratch} holds unfinished writes, removed at the next opening once their process is gone; {@code
 * .locks} holds the lock files.
 *
 * <p>A folder that cannot be written to is opened {@link io.shelfmark.storage.BlobStore.Access
 * READ_ONLY}. Thread-safe. Who opened it closes it.
 */
public final class FsBlobStore implements BlobStore {

  private final BlobFiles files;
  private final @Nullable BlobWriter writer;
  private final AtomicBoolean closed = new AtomicBoolean();

  private FsBlobStore(BlobFiles files, @Nullable BlobWriter writer) {
    this.files = files;
    this.writer = writer;
  }

  /**
   * Opens the store in a folder, which is created when it is missing.
   *
   * @throws StorageException when there is no folder and none can be created
   */
  public static FsBlobStore open(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
      }
      BlobFiles files = new BlobFiles(folder.toRealPath());
      return new FsBlobStore(files, Files.isWritable(files.root()) ? BlobWriter.open(files) : null);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot open store in %s: found %s, expected a folder to read and write (check path and permissions)"
              .formatted(folder, e),
          e);
    }
  }

  @Override
  public URI location() {
    return files.root().toUri();
  }

  @Override
  public Access access() {
    return writer == null ? Access.READ_ONLY : Access.READ_WRITE;
  }

  /** By the file system's clock, which is its server's on a network. */
  @Override
  public Instant currentTime() {
    requireOpen();
    return writer == null ? Instant.now() : writer.currentTime();
  }

  @Override
  public BlobInfo put(BlobKey key, BlobContent content) {
    return writer().put(key, content);
  }

  @Override
  public BlobInfo putIfAbsent(BlobKey key, BlobContent content) {
    return writer().putIfAbsent(key, content);
  }

  @Override
  public BlobInfo replace(BlobKey key, BlobContent content, ETag expected) {
    return writer().replace(key, content, expected);
  }

  /** For writing; refused where the store is read only. */
  BlobWriter writer() {
    requireOpen();
    if (writer == null) {
      throw new ReadOnlyStoreException(
          "Cannot write to store %s: found no permission to write, expected one (grant it, and open the store again)"
              .formatted(files.root()));
    }
    return writer;
  }

  @Override
  public InputStream open(BlobKey key) {
    requireOpen();
    try {
      return Files.newInputStream(files.path(key));
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new BlobNotFoundException(key, files.root());
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  @Override
  public InputStream open(BlobKey key, ByteRange range) {
    requireOpen();
    try {
      SeekableByteChannel channel = Files.newByteChannel(files.path(key));
      channel.position(range.offset());
      return new LimitedStream(Channels.newInputStream(channel), range.length());
    } catch (NoSuchFileException e) {
      throw new BlobNotFoundException(key, files.root());
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  private StorageException unreadable(BlobKey key, IOException e) {
    return files.isAbsent(files.path(key))
        ? new BlobNotFoundException(key, files.root())
        : files.failure("read blob", key, e);
  }

  @Override
  public Optional<Path> file(BlobKey key) {
    return head(key).map(info -> files.path(key));
  }

  @Override
  public Optional<BlobInfo> head(BlobKey key) {
    requireOpen();
    try {
      return Optional.ofNullable(files.attributesIfPresent(files.path(key)))
          .filter(BasicFileAttributes::isRegularFile)
          .map(attributes -> BlobFiles.info(key, attributes));
    } catch (IOException e) {
      throw files.failure("look at blob", key, e);
    }
  }

  @Override
  public Stream<BlobInfo> list(String prefix) {
    requireOpen();
    BlobKey.requirePrefix(prefix);
    return StreamSupport.stream(new FsListing(files.root().resolve(prefix), prefix), false);
  }

  @Override
  public void delete(BlobKey key) {
    writer().delete(key);
  }

  @Override
  public BlobBatch batch() {
    requireOpen();
    return new FsBatch(this, files);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true) && writer != null) {
      writer.close();
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the store in " + files.root() + " is closed");
    }
  }
}
