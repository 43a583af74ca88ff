package io.shelfmark;

import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.CachingBlobStore;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Options of a {@link Workspace}, each at its default until set. Get one from {@link
 * Workspace#builder()}; name a folder or a store. Not thread-safe.
 */
public final class WorkspaceBuilder {

  Clock clock = Clock.systemUTC();
  String author = System.getProperty("user.name", "unknown");
  Duration leaseDuration = Duration.ofMinutes(2);
  Duration grace = Duration.ofHours(24);
  RetentionRule retention = RetentionRule.keepAll();
  int threads = 16;
  private Optional<BlobStore> store = Optional.empty();
  private Optional<URI> location = Optional.empty();
  private Optional<Path> home = Optional.empty();
  private Optional<Path> cache = Optional.empty();
  private long cacheSize = CachingBlobStore.DEFAULT_SIZE;

  WorkspaceBuilder() {}

  /** A folder for store and home. */
  public WorkspaceBuilder folder(Path folder) {
    location = Optional.of(folder.resolve("store").toUri());
    home = Optional.of(folder.resolve("home"));
    return this;
  }

  /** An open store, which stays the caller's: the workspace does not close it. */
  public WorkspaceBuilder store(BlobStore value) {
    store = Optional.of(value);
    return this;
  }

  /** The address of a store, such as {@code s3://bucket/prefix}. */
  public WorkspaceBuilder store(URI value) {
    location = Optional.of(value);
    return this;
  }

  /**
   * This machine's folder for what others do not see; a folder for each store under {@code
   * ~/.cache/shelfmark} by default.
   */
  public WorkspaceBuilder home(Path value) {
    home = Optional.of(value);
    return this;
  }

  /**
   * A local folder that keeps copies of content read from the store, for a bucket that is far away;
   * none by default. See {@link CachingBlobStore}.
   */
  public WorkspaceBuilder cacheDirectory(Path value) {
    cache = Optional.of(value);
    return this;
  }

  /** How large the folder of copies may become, in bytes; 20 GB by default. */
  public WorkspaceBuilder cacheSize(long bytes) {
    cacheSize = bytes;
    return this;
  }

  /** Who is named in what is published; the user of the operating system by default. */
  public WorkspaceBuilder author(String value) {
    author = Objects.requireNonNull(value, "value");
    return this;
  }

  /** What times in documents are taken from; the system's clock by default. */
  public WorkspaceBuilder clock(Clock value) {
    clock = Objects.requireNonNull(value, "value");
    return this;
  }

  /** How many files are read or written at once; 16 by default. */
  public WorkspaceBuilder threads(int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Cannot set threads: found %d, expected 1 or more".formatted(value));
    }
    threads = value;
    return this;
  }

  /**
   * How long a lease holds without renewal, 6 s or more, 2 minutes by default: so long the
   * collection of garbage waits for a writer that was killed, and so long a writer may stand still
   * before it has to begin anew.
   */
  public WorkspaceBuilder leaseDuration(Duration value) {
    if (value.toSeconds() < 6) {
      throw new IllegalArgumentException(
          "Cannot set lease duration: found %s, expected 6 s or more".formatted(value));
    }
    leaseDuration = value;
    return this;
  }

  /** How long garbage stays condemned before it is deleted; 24 hours by default. */
  public WorkspaceBuilder gracePeriod(Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(
          "Cannot set grace period: found %s, expected 0 or more".formatted(value));
    }
    grace = value;
    return this;
  }

  /** Which versions are kept although nothing else keeps them; all by default. */
  public WorkspaceBuilder retention(RetentionRule value) {
    retention = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Opens the workspace.
   *
   * @throws IllegalStateException when neither folder nor store is named
   * @throws StorageException when the store cannot be opened or has another format
   */
  public Workspace open() {
    if (store.isPresent()) {
      return Workspace.open(this, cached(store.get()), home(store.get()), () -> {});
    }
    BlobStore opened =
        BlobStore.open(
            location.orElseThrow(
                () -> new IllegalStateException("a workspace needs a folder or a store")));
    try {
      return Workspace.open(this, cached(opened), home(opened), opened::close);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private BlobStore cached(BlobStore opened) {
    return cache.isPresent() ? CachingBlobStore.of(opened, cache.get(), cacheSize) : opened;
  }

  private Path home(BlobStore opened) {
    Path folder =
        home.orElseGet(
            () ->
                Path.of(System.getProperty("user.home", "."), ".cache", "shelfmark")
                    .resolve(
                        Digest.of(opened.location().toString().getBytes(StandardCharsets.UTF_8))
                            .hex()
                            .substring(0, 16)));
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot use home %s: found %s, expected a folder to write to (name another one)"
              .formatted(folder, e),
          e);
    }
  }
}
