package io.shelfmark.dataset;

import io.shelfmark.Progress;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.artifact.Provenance;
import io.shelfmark.artifact.VersionNotFoundException;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.archive.ArchiveWriter;
import io.shelfmark.internal.dvc.DvcExport;
import io.shelfmark.internal.gc.ReadLease;
import io.shelfmark.internal.manifest.FileDownload;
import io.shelfmark.internal.manifest.Manifest;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.internal.version.VersionDocument;
import io.shelfmark.storage.BlobNotFoundException;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One version of a dataset: files that never change. Get one from a {@link Dataset}. Reading all of
 * it and checking it out take a lease, so that it is not collected meanwhile. Immutable and
 * thread-safe; it holds nothing open.
 */
public final class DatasetVersion {

  private final WorkspaceContext context;
  private final VersionDocument document;

  DatasetVersion(WorkspaceContext context, VersionDocument document) {
    this.context = context;
    this.document = document;
  }

  /** Its name in the workspace. */
  public VersionRef ref() {
    return document.ref();
  }

  /** From 1, without gaps. */
  public long number() {
    return ref().number();
  }

  /** The identity of its files, their paths included: equal files have equal digests. */
  public Digest digest() {
    return document.manifest();
  }

  /** How many files it has. */
  public long fileCount() {
    return document.files();
  }

  /** How long its files are together, in bytes. */
  public long size() {
    return document.bytes();
  }

  /** The labels it was given. */
  public Map<String, String> tags() {
    return document.metadata();
  }

  /** The versions that it was made from, apart from those of this dataset. */
  public List<VersionRef> inputs() {
    return document.inputs();
  }

  /** The numbers of the versions that it changed: one, or two after a merge, or none. */
  public List<Long> parents() {
    return document.parents();
  }

  /** Who made it, when, by what. */
  public Provenance provenance() {
    return document.provenance();
  }

  /**
   * Its files in the order of their paths, as they are read from the store: in memory are those of
   * one chunk of the list, a few thousand.
   *
   * @return a stream that the caller closes, which ends the lease
   */
  public Stream<DatasetEntry> entries() {
    ReadLease lease = lease();
    try {
      return files().map(file -> new DatasetEntry(context.store(), file)).onClose(lease::close);
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  /** The file of a path, if there is one. */
  public Optional<DatasetEntry> find(String path) {
    return manifest().find(path).map(file -> new DatasetEntry(context.store(), file));
  }

  /**
   * The file of a path.
   *
   * @throws VersionNotFoundException when there is none
   */
  public DatasetEntry require(String path) {
    return find(path)
        .orElseThrow(
            () ->
                new VersionNotFoundException(
                    "Cannot read file %s of %s: found no such file among %d, expected one of its paths (check the path)"
                        .formatted(path, ref(), document.files())));
  }

  /** Copies all files into a folder that is missing or empty, each checked against its digest. */
  public Checkout checkout(Path directory) {
    return checkout(directory, CheckoutOptions.defaults());
  }

  /**
   * Puts files into a folder that is missing or empty. They are written into a hidden folder beside
   * it, which gets the name when they are complete; a killed process leaves a folder {@code
   * .shelfmark-*.partial}, which may be removed.
   *
   * @throws CorruptBlobException when a file is damaged in the store
   * @throws StorageException when the disk is full, or the file system takes two paths for one name
   * @throws IllegalArgumentException when the folder is not empty
   */
  public Checkout checkout(Path directory, CheckoutOptions options) {
    try (ReadLease lease = lease()) {
      FileDownload download =
          options.mode() == CheckoutMode.LINK
              ? FileDownload.links(context, options.progress())
              : FileDownload.copies(context, options.progress());
      download.run(files().filter(options.filter()).iterator(), directory);
      return new Checkout(directory, digest(), download.files(), download.bytes());
    }
  }

  /**
   * Writes the version and all its content into one file, {@code .tar.zst}, for a site without a
   * network; {@link io.shelfmark.Workspace#importArchive} reads it there. A file of that name is
   * replaced when the new one is complete.
   *
   * @throws CorruptBlobException when content is damaged in the store
   * @throws StorageException when the file cannot be written
   */
  public void export(Path archive) {
    export(archive, Progress.Listener.NONE);
  }

  /** The same, telling of each file. */
  public void export(Path archive, Progress.Listener progress) {
    new ArchiveWriter(context, document, progress).write(archive);
  }

  /**
   * Writes the files into a DVC remote, which others {@code dvc pull} from, and the {@code .dvc}
   * file that tracks them as a folder of its name without the ending. What the remote has already
   * is not written again. Objects have DVC 3's layout.
   *
   * @param dvcFile such as {@code photos.dvc}; replaced when it is there
   * @throws StorageException when either cannot be written
   * @throws IllegalArgumentException when the file's name does not end in {@code .dvc}
   */
  public void exportDvc(DvcRemote remote, Path dvcFile) {
    exportDvc(remote, dvcFile, Progress.Listener.NONE);
  }

  /** The same, telling of each file. */
  public void exportDvc(DvcRemote remote, Path dvcFile, Progress.Listener progress) {
    try (ReadLease lease = lease()) {
      new DvcExport(context, remote, progress).run(manifest(), dvcFile);
    }
  }

  /** What has to be done to this version to get another; memory grows with the differences. */
  public DatasetDiff diff(DatasetVersion other) {
    return Comparison.of(manifest(), other.manifest());
  }

  /**
   * Reads every file and gives those that are damaged or missing; none when all is well.
   *
   * @throws CorruptBlobException when the list of files itself is damaged
   */
  public List<Damage> verify(Progress.Listener progress) {
    List<Damage> damages = new ArrayList<>();
    long files = 0;
    long bytes = 0;
    try (ReadLease lease = lease()) {
      Manifest.Cursor cursor = manifest().cursor();
      while (cursor.hasNext()) {
        FileEntry file = cursor.next();
        verify(file).ifPresent(damages::add);
        bytes += file.size();
        progress.progressed(new Progress(++files, bytes));
      }
    }
    return List.copyOf(damages);
  }

  private Optional<Damage> verify(FileEntry file) {
    try (InputStream stream = VerifiedContent.open(context.store(), file.digest())) {
      stream.transferTo(OutputStream.nullOutputStream());
      return Optional.empty();
    } catch (CorruptBlobException | BlobNotFoundException e) {
      return Optional.of(new Damage(file, String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new StorageException(
          "Cannot verify %s: found %s, expected readable bytes (try again)"
              .formatted(file.path(), e),
          e);
    }
  }

  private ReadLease lease() {
    return ReadLease.open(context, List.of(ref()));
  }

  private Stream<FileEntry> files() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            manifest().cursor(), Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL),
        false);
  }

  Manifest manifest() {
    return Manifest.open(context.store(), document.manifest());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DatasetVersion version
        && version.ref().equals(ref())
        && version.digest().equals(digest());
  }

  @Override
  public int hashCode() {
    return ref().hashCode();
  }

  /** Its name, as {@link VersionRef} writes it. */
  @Override
  public String toString() {
    return ref().toString();
  }
}
