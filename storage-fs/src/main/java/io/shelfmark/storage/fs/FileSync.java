package io.shelfmark.storage.fs;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes names durable: the entries of folders. Windows writes them with the file itself and cannot
 * open a folder. Thread-safe.
 */
final class FileSync {

  private static final boolean FOLDERS_SYNC = File.separatorChar == '/';

  private final Path root;

  /** Folders whose own names are durable up to the root. */
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();

  FileSync(Path root) {
    this.root = root;
    durable.add(root);
  }

  /** Makes the entries of a folder durable. */
  static void folder(Path folder) throws IOException {
    if (FOLDERS_SYNC) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /**
   * Creates a folder below the root whose name is durable. A folder that is there already may have
   * been created by a process that has not synced it yet: the first sight of each costs a sync.
   */
  void createFolder(Path folder) throws IOException {
    if (durable.contains(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent == null || !folder.startsWith(root)) {
      throw new IOException(folder + " is outside of " + root);
    }
    createFolder(parent);
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    folder(parent);
    durable.add(folder);
  }
}
