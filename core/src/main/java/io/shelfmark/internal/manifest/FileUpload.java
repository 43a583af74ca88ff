package io.shelfmark.internal.manifest;

import io.shelfmark.Progress;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.internal.TaskWindow;
import io.shelfmark.internal.gc.WriteGuard;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import io.shelfmark.storage.StoredBlob;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Stores files, many at once, and writes the manifest of them and of entries that are stored
 * already, both in order. A window of entries is in memory. Not thread-safe.
 */
public final class FileUpload {

  private static final int WINDOW = 256;

  /** What a file was, and the cache that is to know it. */
  private record Origin(SourceFile.Known known, FileStamp stamp) {
    void note(Digest digest) {
      known.cache().put(known.path(), stamp, digest);
    }
  }

  /** An entry, and what it came from where that is a file of a folder. */
  private record Stored(FileEntry entry, Optional<Origin> origin) {}

  private final BlobBatch batch;
  private final WriteGuard guard;
  private final Progress.Listener progress;
  private final ManifestWriter manifest;
  private final TaskWindow<Stored> window;
  private long files;
  private long bytes;

  /** An upload into a batch for a writer; both stay the caller's. */
  public FileUpload(
      BlobBatch batch, WriteGuard guard, ExecutorService executor, Progress.Listener progress) {
    this.batch = batch;
    this.guard = guard;
    this.progress = progress;
    this.manifest = new ManifestWriter(batch, guard::relyOn);
    this.window = new TaskWindow<>(executor, WINDOW, this::list);
  }

  /**
   * Stores the file that is next in the additions.
   *
   * @param old the entry of its path that something else keeps, where there is one
   */
  public void add(Additions.Cursor additions, Optional<FileEntry> old) {
    Addition next = additions.next();
    try {
      if (next instanceof SourceFile file) {
        window.add(() -> store(file, old));
      } else if (next instanceof Addition.Stored stored) {
        window.addResult(new Stored(stored.entry(), Optional.empty()));
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Takes over an entry whose content something else keeps. */
  public void keep(FileEntry entry) {
    try {
      window.addResult(new Stored(entry, Optional.empty()));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Ends the manifest and makes everything durable; gives the manifest's digest. */
  public Digest finish() {
    try {
      window.finish();
    } catch (IOException e) {
      throw failure(e);
    }
    Digest digest = manifest.finish();
    batch.sync();
    return digest;
  }

  /** Waits for what is under way, after a failure. */
  public void cancel() {
    window.close();
  }

  /** How many files the manifest has. */
  public long files() {
    return manifest.files();
  }

  /** How long the files of the manifest are together. */
  public long bytes() {
    return manifest.bytes();
  }

  private Stored store(SourceFile file, Optional<FileEntry> old) {
    FileStamp before = file.stamp();
    Optional<Origin> origin = file.known().map(known -> new Origin(known, before));
    Optional<Digest> known =
        file.known()
            .flatMap(SourceFile.Known::line)
            .filter(line -> line.stamp().equals(before))
            .map(StatCache.Line::digest);
    // a digest from the cache counts only for content that the old entry's version keeps
    if (old.isPresent() && known.filter(old.get().digest()::equals).isPresent()) {
      return new Stored(old.get(), origin);
    }
    StoredBlob blob = batch.add(BlobContent.of(file.file(), before.size()));
    file.requireUnchanged(before);
    guard.relyOn(blob.digest());
    return new Stored(new FileEntry(file.path(), blob.digest(), blob.size()), origin);
  }

  private void list(Stored stored) {
    FileEntry entry = stored.entry();
    manifest.add(entry);
    stored.origin().ifPresent(origin -> origin.note(entry.digest()));
    files++;
    bytes += entry.size();
    progress.progressed(new Progress(files, bytes));
  }

  private static StorageException failure(IOException e) {
    return new StorageException(
        "Cannot add files: found %s, expected to go on (try again)".formatted(e.getMessage()), e);
  }
}
