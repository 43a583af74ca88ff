package io.shelfmark;

import java.util.Objects;
import java.util.Optional;

/**
 * What may be imported and under which name. Get them from {@link #defaults()}. Immutable.
 *
 * @param name that the version gets here; the one it had when empty, which is the default
 * @param maximumSize of all its files together, in bytes; 1 TiB by default. Content is copied to
 *     the home file by file, so the home needs room for the largest file alone.
 * @param progress is told of each piece of content; nobody by default
 */
public record ImportOptions(Optional<String> name, long maximumSize, Progress.Listener progress) {

  private static final long TEBIBYTE = 1L << 40;

  /** Checks the limit. */
  public ImportOptions {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(progress, "progress");
    if (maximumSize < 0) {
      throw new IllegalArgumentException(
          "Cannot limit an import: found %d bytes, expected 0 or more".formatted(maximumSize));
    }
  }

  /** Under its own name, up to 1 TiB. */
  public static ImportOptions defaults() {
    return new ImportOptions(Optional.empty(), TEBIBYTE, Progress.Listener.NONE);
  }

  /** Under another name. */
  public ImportOptions named(String value) {
    return new ImportOptions(Optional.of(value), maximumSize, progress);
  }

  /** Refuses versions that are longer, in bytes. */
  public ImportOptions atMost(long bytes) {
    return new ImportOptions(name, bytes, progress);
  }

  /** Tells of each piece of content. */
  public ImportOptions progress(Progress.Listener value) {
    return new ImportOptions(name, maximumSize, value);
  }
}
