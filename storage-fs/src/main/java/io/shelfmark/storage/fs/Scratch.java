package io.shelfmark.storage.fs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where one open store writes before it publishes: a folder of its own on the store's file system.
 * The store holds a lock on a file beside it for as long as it is open. Whoever opens the store
 * later removes the folders whose lock nobody holds: their owners were killed.
 *
 * <p>Thread-safe. The store closes it.
 */
final class Scratch implements AutoCloseable {

  private static final String LOCK = ".lock";

  /** Threads that create, sync and remove files of one folder wait for each other. */
  private static final int PARTS = 32;

  private static final Set<PosixFilePermission> READ_ONLY =
      PosixFilePermissions.fromString("r--r--r--");

  /** Ids in use in this process: opening and closing their lock file would drop our own lock. */
  private static final Set<String> OURS = ConcurrentHashMap.newKeySet();

  private final String id = UUID.randomUUID().toString();
  private final AtomicLong counter = new AtomicLong();
  private final Path parent;
  private final Path folder;
  private final FileChannel channel;

  private Scratch(Path parent) throws IOException {
    this.parent = Files.createDirectories(parent);
    this.folder = parent.resolve(id);
    OURS.add(id);
    // locked before the folder exists: a sweep that sees the folder cannot get the lock
    this.channel =
        FileChannel.open(
            parent.resolve(id + LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.lock();
    for (int part = 0; part < PARTS; part++) {
      Files.createDirectories(folder.resolve(Integer.toString(part)));
    }
  }

  /** A new scratch folder; those of killed processes are removed. */
  static Scratch open(Path parent) throws IOException {
    Scratch scratch = new Scratch(parent);
    scratch.sweep();
    return scratch;
  }

  /** A path where no file is yet. */
  Path next() {
    long number = counter.incrementAndGet();
    return folder.resolve(Long.toString(number % PARTS)).resolve(Long.toString(number));
  }

  /**
   * Creates a file to write that nobody may write once it is closed; a published file never
   * changes.
   */
  static FileChannel create(Path file) throws IOException {
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(READ_ONLY))
        : FileChannel.open(file, options);
  }

  private void sweep() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, "*" + LOCK)) {
      for (Path lockFile : entries) {
        String name = String.valueOf(lockFile.getFileName());
        String owner = name.substring(0, name.length() - LOCK.length());
        if (!OURS.contains(owner)) {
          removeIfAbandoned(owner, lockFile);
        }
      }
    }
  }

  private void removeIfAbandoned(String owner, Path lockFile) throws IOException {
    try (FileChannel other = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
      @Nullable FileLock lock = other.tryLock();
      if (lock != null) {
        remove(parent.resolve(owner));
        Files.deleteIfExists(lockFile);
      }
    } catch (NoSuchFileException e) {
      // another process swept it
    }
  }

  private static void remove(Path folder) throws IOException {
    try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
      for (Path path : content) {
        if (Files.isDirectory(path)) {
          remove(path);
        } else {
          Files.deleteIfExists(path);
        }
      }
    } catch (NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(folder);
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      remove(folder);
      Files.deleteIfExists(parent.resolve(id + LOCK));
    } finally {
      OURS.remove(id);
    }
  }
}
