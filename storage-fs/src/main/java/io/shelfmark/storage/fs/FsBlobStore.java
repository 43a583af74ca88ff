package io.shelfmark.storage.fs;

import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobConflictException;
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
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

  private final Path root;
  private final FileSync sync;
  private final @Nullable Scratch scratch;
  private final @Nullable KeyLocks locks;
  private final Publisher publisher;
  private final AtomicBoolean closed = new AtomicBoolean();

  private FsBlobStore(
      Path root, @Nullable Scratch scratch, @Nullable KeyLocks locks, Publisher publisher) {
    this.root = root;
    this.sync = new FileSync(root);
    this.scratch = scratch;
    this.locks = locks;
    this.publisher = publisher;
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
      Path root = folder.toRealPath();
      if (!Files.isWritable(root)) {
        return new FsBlobStore(root, null, null, Publisher.withoutLinks());
      }
      Scratch scratch = Scratch.open(root.resolve(".scratch"));
      return new FsBlobStore(
          root, scratch, new KeyLocks(root.resolve(".locks")), Publisher.probe(scratch));
    } catch (IOException e) {
      throw new StorageException(
          "Cannot open store in %s: found %s, expected a folder to read and write (check path and permissions)"
              .formatted(folder, e),
          e);
    }
  }

  @Override
  public URI location() {
    return root.toUri();
  }

  @Override
  public Access access() {
    return scratch == null ? Access.READ_ONLY : Access.READ_WRITE;
  }

  /** By the file system's clock, which is its server's on a network. */
  @Override
  public Instant currentTime() {
    requireOpen();
    if (scratch == null) {
      return Instant.now();
    }
    Path file = scratch.next();
    try {
      Files.createFile(file);
      Instant now = Files.getLastModifiedTime(file).toInstant();
      Files.delete(file);
      return now;
    } catch (IOException e) {
      throw failure("tell the time of", root, e);
    }
  }

  @Override
  public BlobInfo put(BlobKey key, BlobContent content) {
    return write(key, content, file -> locks().locked(key, () -> replaceLocked(key, file, null)));
  }

  @Override
  public BlobInfo putIfAbsent(BlobKey key, BlobContent content) {
    return write(
        key,
        content,
        file -> {
          BasicFileAttributes written = attributes(file);
          if (!claim(key, file)) {
            throw new BlobConflictException(key, "a blob", "none");
          }
          return info(key, written);
        });
  }

  @Override
  public BlobInfo replace(BlobKey key, BlobContent content, ETag expected) {
    return write(
        key, content, file -> locks().locked(key, () -> replaceLocked(key, file, expected)));
  }

  /** Gives a finished file the name of a key that is free; false when it is taken. */
  boolean claim(BlobKey key, Path file) throws IOException {
    return publisher.needsLock()
        ? locks().locked(key, () -> publisher.claim(file, path(key)))
        : publisher.claim(file, path(key));
  }

  /**
   * Gives finished content the name of its digest; false, and the file is gone, when that is taken.
   * Where two processes do so at once the later one replaces equal bytes, which no one can tell:
   * renaming is one step where a link that claims the name would be two.
   */
  boolean offer(BlobKey key, Path file) throws IOException {
    return KeyLocks.inProcess(key, () -> Publisher.renameUnlessTaken(file, path(key)));
  }

  private BlobInfo replaceLocked(BlobKey key, Path file, @Nullable ETag expected)
      throws IOException {
    @Nullable BasicFileAttributes old = attributesIfPresent(path(key));
    if (expected != null && (old == null || !etag(old).equals(expected))) {
      throw new BlobConflictException(
          key, old == null ? "none" : "state " + etag(old), "state " + expected);
    }
    publisher.replace(file, path(key), old);
    return info(key, attributes(path(key)));
  }

  private interface Publication {
    BlobInfo publish(Path file) throws IOException;
  }

  private BlobInfo write(BlobKey key, BlobContent content, Publication publication) {
    Path file = scratchFile();
    try {
      try {
        Path folder = folderOf(key);
        ContentCopy.write(content, file);
        BlobInfo info = publication.publish(file);
        FileSync.folder(folder);
        return info;
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw failure("write blob", key, e);
    }
  }

  /** The folder that a key's file lies in, created and durable. */
  Path folderOf(BlobKey key) throws IOException {
    Path folder = path(key).resolve("..").normalize();
    sync.createFolder(folder);
    return folder;
  }

  Path scratchFile() {
    requireOpen();
    if (scratch == null) {
      throw new ReadOnlyStoreException(
          "Cannot write to store %s: found no permission to write, expected one (grant it, and open the store again)"
              .formatted(root));
    }
    return scratch.next();
  }

  private KeyLocks locks() {
    return Objects.requireNonNull(locks, "a store that can be written has locks");
  }

  @Override
  public InputStream open(BlobKey key) {
    requireOpen();
    try {
      return Files.newInputStream(path(key));
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new BlobNotFoundException(key, root);
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  @Override
  public InputStream open(BlobKey key, ByteRange range) {
    requireOpen();
    try {
      SeekableByteChannel channel = Files.newByteChannel(path(key));
      channel.position(range.offset());
      return new LimitedStream(Channels.newInputStream(channel), range.length());
    } catch (NoSuchFileException e) {
      throw new BlobNotFoundException(key, root);
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  private StorageException unreadable(BlobKey key, IOException e) {
    return isAbsent(path(key))
        ? new BlobNotFoundException(key, root)
        : failure("read blob", key, e);
  }

  @Override
  public Optional<Path> file(BlobKey key) {
    return head(key).map(info -> path(key));
  }

  @Override
  public Optional<BlobInfo> head(BlobKey key) {
    requireOpen();
    try {
      return Optional.ofNullable(attributesIfPresent(path(key)))
          .filter(BasicFileAttributes::isRegularFile)
          .map(attributes -> info(key, attributes));
    } catch (IOException e) {
      throw failure("look at blob", key, e);
    }
  }

  @Override
  public Stream<BlobInfo> list(String prefix) {
    requireOpen();
    BlobKey.requirePrefix(prefix);
    return StreamSupport.stream(new FsListing(root.resolve(prefix), prefix), false);
  }

  @Override
  public void delete(BlobKey key) {
    requireOpen();
    if (scratch == null) {
      scratchFile();
    }
    if (isAbsent(path(key))) {
      return;
    }
    try {
      locks()
          .locked(
              key,
              () -> {
                Files.deleteIfExists(path(key));
                FileSync.folder(folderOf(key));
                return key;
              });
    } catch (IOException e) {
      throw failure("delete blob", key, e);
    }
  }

  @Override
  public BlobBatch batch() {
    requireOpen();
    return new FsBatch(this);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true) && scratch != null) {
      try {
        scratch.close();
      } catch (IOException e) {
        throw failure("close store", root, e);
      }
    }
  }

  Path path(BlobKey key) {
    return root.resolve(key.value());
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the store in " + root + " is closed");
    }
  }

  static BlobInfo info(BlobKey key, BasicFileAttributes attributes) {
    return new BlobInfo(
        key, attributes.size(), etag(attributes), attributes.lastModifiedTime().toInstant());
  }

  /** Inode, time and length; {@link Publisher} keeps the time of a key's states rising. */
  private static ETag etag(BasicFileAttributes attributes) {
    String file = String.valueOf(attributes.fileKey());
    // the device's number is not the same on every machine and after every mount
    String inode = file.replaceFirst("^\\(dev=[^,]*,ino=(\\d+)\\)$", "$1");
    long time = attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS);
    return new ETag(inode + "-" + time + "-" + attributes.size());
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  private @Nullable BasicFileAttributes attributesIfPresent(Path file) throws IOException {
    try {
      return attributes(file);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return null;
    } catch (IOException e) {
      if (isAbsent(file)) {
        return null;
      }
      throw e;
    }
  }

  /** Also where a file lies in the place of a folder, which Java reports without a type. */
  private boolean isAbsent(Path file) {
    for (Path folder = file.getParent();
        folder != null && folder.startsWith(root);
        folder = folder.getParent()) {
      if (Files.isRegularFile(folder)) {
        return true;
      }
    }
    return Files.notExists(file);
  }

  StorageException failure(String verb, Object what, IOException e) {
    String cure =
        e instanceof AccessDeniedException
            ? "check the permissions"
            : "check free space and permissions";
    return new StorageException(
        "Cannot %s %s in %s: found %s, expected a file system that takes it (%s)"
            .formatted(verb, what, root, e, cure),
        e);
  }
}
