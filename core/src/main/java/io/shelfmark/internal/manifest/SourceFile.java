package io.shelfmark.internal.manifest;

import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A file that is to be added.
 *
 * @param path that it gets in the version
 * @param file where it lies
 * @param known what it was when it was last hashed, and where to note what it is now
 */
record SourceFile(String path, Path file, Optional<Known> known) implements Addition {

  /**
   * What a stat cache has for a file.
   *
   * @param cache that it is from
   * @param path within the folder of the cache
   * @param line that it has
   */
  record Known(StatCache cache, String path, Optional<StatCache.Line> line) {}

  SourceFile {
    FilePaths.require(path);
    Objects.requireNonNull(file, "file");
  }

  /** What the file system says of it now. */
  FileStamp stamp() {
    try {
      return FileStamp.of(file);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot add %s: found %s, expected a readable file (check path and permissions)"
              .formatted(file, e),
          e);
    }
  }

  /** Checks that the file did not change since. */
  void requireUnchanged(FileStamp before) {
    FileStamp now = stamp();
    if (now.size() != before.size()
        || now.modified() != before.modified()
        || !now.file().equals(before.file())) {
      throw new ContentChangedException(
          "Cannot add %s: found it changed while it was read, expected it to stay (let its writer finish, then add it again)"
              .formatted(file));
    }
  }
}
