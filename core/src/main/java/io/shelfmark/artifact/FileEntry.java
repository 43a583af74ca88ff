package io.shelfmark.artifact;

import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.storage.Digest;
import java.util.Objects;

/**
 * One file of a version.
 *
 * @param path relative to the version's root, segments joined by {@code /}, exactly as it was
 *     added: neither case nor Unicode form is changed
 * @param digest of its bytes
 * @param size in bytes
 */
public record FileEntry(String path, Digest digest, long size) {

  /**
   * @throws IllegalArgumentException when the path is absolute, climbs out of the root or is not a
   *     path of files for another reason, or the size is negative
   */
  public FileEntry {
    FilePaths.require(path);
    Objects.requireNonNull(digest, "digest");
    if (size < 0) {
      throw new IllegalArgumentException(
          "Cannot list file %s: found size %d, expected 0 or more".formatted(path, size));
    }
  }
}
