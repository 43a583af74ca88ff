package io.shelfmark.artifact;

import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.storage.Digest;
import java.time.Instant;
import java.util.Objects;

/**
 * One state of a working file. Get one from {@link WorkingFiles}.
 *
 * @param path by which it is named, segments joined by {@code /}
 * @param digest of its bytes
 * @param size in bytes
 * @param modifiedAt when it was put, by the clock of who put it
 */
public record WorkingFile(String path, Digest digest, long size, Instant modifiedAt) {

  /**
   * @throws IllegalArgumentException when the path is none of a file, or the size is negative
   */
  public WorkingFile {
    FilePaths.require(path);
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(modifiedAt, "modifiedAt");
    if (size < 0) {
      throw new IllegalArgumentException(
          "Cannot list file %s: found size %d, expected 0 or more".formatted(path, size));
    }
  }
}
