package io.shelfmark.storage.fs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives a finished, synced file its name. Where the file system has hard links, a link claims a
 * free name in one step; elsewhere the caller's lock on the key makes looking and renaming one
 * step. Thread-safe.
 */
final class Publisher {

  private final boolean links;

  private Publisher(boolean links) {
    this.links = links;
  }

  /** Finds out whether the file system has hard links. */
  static Publisher probe(Scratch scratch) throws IOException {
    Path file = Files.createFile(scratch.next());
    Path link = scratch.next();
    try {
      Files.createLink(link, file);
      return new Publisher(true);
    } catch (FileSystemException | UnsupportedOperationException e) {
      return new Publisher(false);
    } finally {
      Files.deleteIfExists(link);
      Files.deleteIfExists(file);
    }
  }

  /** Whether claiming a name needs the lock on its key. */
  boolean needsLock() {
    return !links;
  }

  /** Gives the file a name that is free; false, and the file is gone, when it is taken. */
  boolean claim(Path file, Path target) throws IOException {
    if (!links) {
      return renameUnlessTaken(file, target);
    }
    try {
      Files.createLink(target, file);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Looks, then renames: one step only under a lock on the key. */
  static boolean renameUnlessTaken(Path file, Path target) throws IOException {
    if (Files.exists(target)) {
      Files.delete(file);
      return false;
    }
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  /** Gives the file a name in place of what has it; the caller holds the lock on the key. */
  void replace(Path file, Path target, @Nullable BasicFileAttributes old) throws IOException {
    if (old != null) {
      moveTimeBeyond(file, old.lastModifiedTime());
    }
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * The state of a key is told by inode, time and length. A freed inode is used again, within the
   * same tick of the kernel's clock: so each state's time is beyond that of the state before.
   */
  private static void moveTimeBeyond(Path file, FileTime old) throws IOException {
    long before = old.to(TimeUnit.MICROSECONDS);
    // the second step is for file systems that count in units of up to two seconds
    for (long step : new long[] {1, 2_000_000}) {
      if (Files.getLastModifiedTime(file).to(TimeUnit.MICROSECONDS) > before) {
        return;
      }
      Files.setLastModifiedTime(file, FileTime.from(before + step, TimeUnit.MICROSECONDS));
    }
  }
}
