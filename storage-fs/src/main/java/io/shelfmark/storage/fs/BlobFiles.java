package io.shelfmark.storage.fs;

import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the blobs of a folder lie, and what the file system says of them. Thread-safe.
 *
 * @param root the folder, its real path
 */
record BlobFiles(Path root) {

  Path path(BlobKey key) {
    return root.resolve(key.value());
  }

  static BlobInfo info(BlobKey key, BasicFileAttributes attributes) {
    return new BlobInfo(
        key, attributes.size(), etag(attributes), attributes.lastModifiedTime().toInstant());
  }

  /** Inode, time and length; {@link Publisher} keeps the time of a key's states rising. */
  static ETag etag(BasicFileAttributes attributes) {
    String file = String.valueOf(attributes.fileKey());
    // the device's number is not the same on every machine and after every mount
    String inode = file.replaceFirst("^\\(dev=[^,]*,ino=(\\d+)\\)$", "$1");
    long time = attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS);
    return new ETag(inode + "-" + time + "-" + attributes.size());
  }

  static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  @Nullable BasicFileAttributes attributesIfPresent(Path file) throws IOException {
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
  boolean isAbsent(Path file) {
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
