package io.shelfmark.storage.fs;

import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.ETag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes and deletes blobs: a scratch file is synced, gets the key's name, and then its folder is
 * synced. Thread-safe; the store closes it.
 */
final class BlobWriter implements AutoCloseable {

  private final BlobFiles files;
  private final FileSync sync;
  private final Scratch scratch;
  private final KeyLocks locks;
  private final Publisher publisher;

  private BlobWriter(BlobFiles files, Scratch scratch, KeyLocks locks, Publisher publisher) {
    this.files = files;
    this.sync = new FileSync(files.root());
    this.scratch = scratch;
    this.locks = locks;
    this.publisher = publisher;
  }

  static BlobWriter open(BlobFiles files) throws IOException {
    Scratch scratch = Scratch.open(files.root().resolve(".scratch"));
    KeyLocks locks = new KeyLocks(files.root().resolve(".locks"));
    return new BlobWriter(files, scratch, locks, Publisher.probe(scratch));
  }

  /** By the file system's clock, which is its server's on a network. */
  Instant currentTime() {
    Path file = scratch.next();
    try {
      Files.createFile(file);
      Instant now = Files.getLastModifiedTime(file).toInstant();
      Files.delete(file);
      return now;
    } catch (IOException e) {
      throw files.failure("tell the time of", files.root(), e);
    }
  }

  /** Where content may be written before it has a name. */
  Path scratchFile() {
    return scratch.next();
  }

  /** The folder that a key's file lies in, created and durable. */
  Path folderOf(BlobKey key) throws IOException {
    Path folder = files.path(key).resolve("..").normalize();
    sync.createFolder(folder);
    return folder;
  }

  BlobInfo put(BlobKey key, BlobContent content) {
    return write(key, content, file -> locks.locked(key, () -> replaceLocked(key, file, null)));
  }

  BlobInfo putIfAbsent(BlobKey key, BlobContent content) {
    return write(
        key,
        content,
        file -> {
          BasicFileAttributes written = BlobFiles.attributes(file);
          if (!claim(key, file)) {
            throw new BlobConflictException(key, "a blob", "none");
          }
          return BlobFiles.info(key, written);
        });
  }

  BlobInfo replace(BlobKey key, BlobContent content, ETag expected) {
    return write(key, content, file -> locks.locked(key, () -> replaceLocked(key, file, expected)));
  }

  private interface Publication {
    BlobInfo publish(Path file) throws IOException;
  }

  private BlobInfo write(BlobKey key, BlobContent content, Publication publication) {
    Path file = scratch.next();
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
      throw files.failure("write blob", key, e);
    }
  }

  /** Gives a finished file the name of a key that is free; false when it is taken. */
  private boolean claim(BlobKey key, Path file) throws IOException {
    return publisher.needsLock()
        ? locks.locked(key, () -> publisher.claim(file, files.path(key)))
        : publisher.claim(file, files.path(key));
  }

  private BlobInfo replaceLocked(BlobKey key, Path file, @Nullable ETag expected)
      throws IOException {
    @Nullable BasicFileAttributes old = files.attributesIfPresent(files.path(key));
    if (expected != null && (old == null || !BlobFiles.etag(old).equals(expected))) {
      throw new BlobConflictException(
          key, old == null ? "none" : "state " + BlobFiles.etag(old), "state " + expected);
    }
    publisher.replace(file, files.path(key), old);
    return BlobFiles.info(key, BlobFiles.attributes(files.path(key)));
  }

  /**
   * Gives finished content the name of its digest; false, and the file is gone, when that is taken.
   * Where two processes do so at once the later one replaces equal bytes, which no one can tell:
   * renaming is one step where a link that claims the name would be two.
   */
  boolean offer(BlobKey key, Path file) throws IOException {
    return KeyLocks.inProcess(key, () -> Publisher.renameUnlessTaken(file, files.path(key)));
  }

  void delete(BlobKey key) {
    if (files.isAbsent(files.path(key))) {
      return;
    }
    try {
      locks.locked(
          key,
          () -> {
            Files.deleteIfExists(files.path(key));
            FileSync.folder(folderOf(key));
            return key;
          });
    } catch (IOException e) {
      throw files.failure("delete blob", key, e);
    }
  }

  @Override
  public void close() {
    try {
      scratch.close();
    } catch (IOException e) {
      throw files.failure("close store", files.root(), e);
    }
  }
}
