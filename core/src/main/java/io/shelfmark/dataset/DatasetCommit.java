package io.shelfmark.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.Progress;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.artifact.Provenance;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.artifact.VersionRef.Kind;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.gc.WriteGuard;
import io.shelfmark.internal.manifest.Additions;
import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.internal.manifest.FileUpload;
import io.shelfmark.internal.manifest.Glob;
import io.shelfmark.internal.manifest.Manifest;
import io.shelfmark.internal.version.VersionDocument;
import io.shelfmark.internal.version.VersionLog;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.Digest;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Changes to a dataset in the making. Get one from {@link Dataset#newCommit()}; say what to add and
 * remove, then {@link #commit()}. Files are read only then, apart from streams; where two additions
 * have one path, the later one counts. What the base has of the same path is replaced. Not
 * thread-safe. Who began it closes it, which removes the copies of streams.
 */
public final class DatasetCommit implements AutoCloseable {

  private final WorkspaceContext context;
  private final VersionLog versions;
  private final String name;
  private final long base;
  private final boolean mayFork;
  private final Additions additions;
  private final Set<String> removedPaths = new HashSet<>();
  private final Map<String, String> tags = new LinkedHashMap<>();
  private final Set<VersionRef> inputs = new LinkedHashSet<>();
  private Predicate<String> removed = removedPaths::contains;
  private Optional<String> producer = Optional.empty();
  private String message = "";
  private Progress.Listener progress = Progress.Listener.NONE;

  private DatasetCommit(WorkspaceContext context, String name, long base, boolean mayFork) {
    this.context = context;
    this.name = name;
    this.base = base;
    this.mayFork = mayFork;
    this.versions = new VersionLog(context.store(), Kind.DATASET, name);
    this.additions = new Additions(context.home(), context.clock());
  }

  static DatasetCommit onLast(WorkspaceContext context, String name, long last) {
    return new DatasetCommit(context, name, last, false);
  }

  static DatasetCommit on(WorkspaceContext context, String name, DatasetVersion base) {
    return new DatasetCommit(context, name, base.number(), true);
  }

  /**
   * Adds the files below a folder under their paths within it. A symbolic link to a file within the
   * folder is added as that file; another link, and what is neither file nor folder, is refused.
   * Empty folders are left out. A file that is as it was when it was last committed from this
   * machine, by length, times and number in the file system, is not read again.
   */
  public DatasetCommit addDirectory(Path directory) {
    additions.folder(directory, "");
    return this;
  }

  /** Adds the files below a folder under a folder of the dataset, such as {@code 2024-05}. */
  public DatasetCommit addDirectory(Path directory, String path) {
    additions.folder(directory, FilePaths.require(path));
    return this;
  }

  /** Adds a file under a path. */
  public DatasetCommit addFile(String path, Path file) {
    additions.file(path, file);
    return this;
  }

  /** Adds what a stream gives up to its end, which is read now; the stream stays open. */
  public DatasetCommit addStream(String path, InputStream content) {
    additions.stream(path, content);
    return this;
  }

  /** Removes a file of the base; nothing happens when it is not there. */
  public DatasetCommit remove(String path) {
    removedPaths.add(FilePaths.require(path));
    return this;
  }

  /**
   * Removes the files of the base whose path matches, such as {@code 2024-04/**}.
   *
   * @param glob as {@link java.nio.file.FileSystem#getPathMatcher} reads it
   */
  public DatasetCommit removeMatching(String glob) {
    removed = removed.or(Glob.of(glob));
    return this;
  }

  /** Makes the dataset exactly the files below a folder: what else the base has is removed. */
  public DatasetCommit replaceWith(Path directory) {
    removed = path -> true;
    return addDirectory(directory);
  }

  /** Labels the version; the last value of a key counts. */
  public DatasetCommit tag(String key, String value) {
    tags.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Notes a version that this one was made from; it is kept as long as this one. */
  public DatasetCommit input(VersionRef input) {
    inputs.add(Objects.requireNonNull(input, "input"));
    return this;
  }

  /** Names the run or step that made the version; none by default. */
  public DatasetCommit producer(String value) {
    producer = Optional.of(value);
    return this;
  }

  /** Says something of the version; empty by default. */
  public DatasetCommit message(String value) {
    message = Objects.requireNonNull(value, "value");
    return this;
  }

  /** Is told of each file; nobody by default. */
  public DatasetCommit progress(Progress.Listener value) {
    progress = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Stores what the store lacks and claims the next number. When no file changed, the base is given
   * back and no number is claimed. May be called again after a failure.
   *
   * @throws CommitConflictException when another commit was faster
   * @throws io.shelfmark.storage.ContentChangedException when a file changed while it was read
   * @throws io.shelfmark.artifact.VersionNotFoundException when an input is not there
   */
  public DatasetVersion commit() {
    return context.guards().write(this::commit);
  }

  private DatasetVersion commit(WriteGuard guard) {
    VersionLog.relyOn(guard, context.store(), inputs);
    Optional<VersionDocument> old = Optional.empty();
    if (base > 0) {
      old = Optional.of(versions.relyOn(guard, base));
    }
    try (BlobBatch batch = context.store().batch();
        Additions.Cursor files = additions.open()) {
      FileUpload upload = new FileUpload(batch, guard, context.executor(), progress);
      Digest manifest;
      try {
        upload(
            old.map(document -> Manifest.open(context.store(), document.manifest()).cursor()),
            files,
            upload);
        manifest = upload.finish();
      } finally {
        upload.cancel();
      }
      DatasetVersion version =
          old.isPresent() && old.get().manifest().equals(manifest)
              ? new DatasetVersion(context, old.get())
              : claim(guard, draft(manifest, upload.files(), upload.bytes()));
      files.remember();
      return version;
    }
  }

  private void upload(Optional<Manifest.Cursor> old, Additions.Cursor files, FileUpload upload) {
    while (true) {
      Optional<FileEntry> entry = old.filter(Manifest.Cursor::hasNext).map(Manifest.Cursor::peek);
      Optional<String> path = files.peek();
      if (entry.isEmpty() && path.isEmpty()) {
        return;
      }
      int order =
          entry.isEmpty()
              ? 1
              : path.isEmpty() ? -1 : FilePaths.ORDER.compare(entry.get().path(), path.get());
      if (order <= 0) {
        old.ifPresent(Manifest.Cursor::next);
      }
      if (order >= 0) {
        upload.add(files, order == 0 ? entry : Optional.empty());
      } else {
        entry.filter(kept -> !removed.test(kept.path())).ifPresent(upload::keep);
      }
    }
  }

  private DatasetVersion claim(WriteGuard guard, ObjectNode draft) {
    guard.settle();
    VersionDocument claimed =
        mayFork
            ? versions.claimNext(draft)
            : versions
                .claim(base + 1, draft)
                .orElseThrow(() -> new CommitConflictException(name, base));
    return new DatasetVersion(context, claimed);
  }

  private ObjectNode draft(Digest manifest, long files, long bytes) {
    Provenance provenance =
        new Provenance(
            context.clock().instant(), context.author(), message, producer, Optional.empty());
    ObjectNode draft = VersionDocument.draft(manifest, files, bytes, provenance);
    tags.forEach(draft.withObject("/metadata")::put);
    inputs.forEach(input -> draft.withArray("inputs").add(input.toString()));
    if (base > 0) {
      draft.withArray("parents").add(base);
    }
    return draft;
  }

  @Override
  public void close() {
    additions.close();
  }
}
