package io.shelfmark.dataset;

import io.shelfmark.storage.Digest;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Files of a version in a folder, which is the caller's: it may be changed and removed.
 *
 * @param directory where they are
 * @param version the digest of the version they are from
 * @param files how many were written
 * @param bytes how long these are together
 */
public record Checkout(Path directory, Digest version, long files, long bytes) {

  /** Checks that everything is there. */
  public Checkout {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(version, "version");
  }
}
