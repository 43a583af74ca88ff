package io.shelfmark.internal.manifest;

import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * A file that is to be added.
 *
 * @param path that it gets in the version
 * @param file where it lies
 */
public record SourceFile(String path, Path file) {

  /** Checks the path. */
  public SourceFile {
    FilePaths.require(path);
    Objects.requireNonNull(file, "file");
  }

  /** What the file system says of it now. */
  BasicFileAttributes attributes() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new StorageException(
            "Cannot add %s: found no regular file, expected one (leave it out)".formatted(file));
      }
      return attributes;
    } catch (IOException e) {
      throw new StorageException(
          "Cannot add %s: found %s, expected a readable file (check path and permissions)"
              .formatted(file, e),
          e);
    }
  }

  /** Checks that the file did not change since. */
  void requireUnchanged(BasicFileAttributes before) {
    BasicFileAttributes now = attributes();
    if (now.size() != before.size()
        || !now.lastModifiedTime().equals(before.lastModifiedTime())
        || !Objects.equals(now.fileKey(), before.fileKey())) {
      throw new ContentChangedException(
          "Cannot add %s: found it changed while it was read, expected it to stay (let its writer finish, then add it again)"
              .formatted(file));
    }
  }
}
