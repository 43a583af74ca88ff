package io.shelfmark.internal.manifest;

import io.shelfmark.Progress;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.internal.Spool;
import io.shelfmark.internal.TaskWindow;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes files of a version into a folder, many at once. They go into a hidden folder beside it,
 * which gets the folder's name when all are written: nobody sees half. Not thread-safe.
 */
public final class FileDownload {

  private static final int WINDOW = 256;

  private final WorkspaceContext context;
  private final Progress.Listener progress;
  private final boolean links;
  private long files;
  private long bytes;

  private FileDownload(WorkspaceContext context, Progress.Listener progress, boolean links) {
    this.context = context;
    this.progress = progress;
    this.links = links;
  }

  /** Files of their own, each checked while it is written. */
  public static FileDownload copies(WorkspaceContext context, Progress.Listener progress) {
    return new FileDownload(context, progress, false);
  }

  /** Further names of the store's own files, not read; copies where the store has no such files. */
  public static FileDownload links(WorkspaceContext context, Progress.Listener progress) {
    return new FileDownload(context, progress, true);
  }

  /** How many files were written. */
  public long files() {
    return files;
  }

  /** How long the files that were written are together. */
  public long bytes() {
    return bytes;
  }

  /**
   * Writes the files.
   *
   * @param target a folder that is missing or empty
   */
  public void run(Iterator<FileEntry> entries, Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    requireEmpty(absolute);
    Path partial =
        absolute.resolveSibling(
            ".shelfmark-" + UUID.randomUUID().toString().substring(0, 8) + ".partial");
    try {
      try {
        Files.createDirectories(partial);
        writeAll(entries, partial);
        Files.move(partial, absolute, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Spool.remove(partial);
      }
    } catch (IOException e) {
      throw new StorageException(
          "Cannot write folder %s: found %s, expected room for it (check free space and permissions)"
              .formatted(target, e),
          e);
    }
  }

  private static void requireEmpty(Path target) {
    try (DirectoryStream<Path> content = Files.newDirectoryStream(target)) {
      if (content.iterator().hasNext()) {
        throw new IllegalArgumentException(
            "Cannot write files to %s: found a folder with content, expected none or an empty one (name another one, or remove it)"
                .formatted(target));
      }
    } catch (IOException e) {
      if (Files.exists(target)) {
        throw new IllegalArgumentException(
            "Cannot write files to %s: found no folder, expected none or an empty one"
                .formatted(target),
            e);
      }
    }
  }

  private void writeAll(Iterator<FileEntry> entries, Path root) throws IOException {
    try (TaskWindow<FileEntry> window =
        new TaskWindow<>(context.executor(), WINDOW, this::written)) {
      Path folder = root;
      while (entries.hasNext()) {
        FileEntry entry = entries.next();
        Path file = root.resolve(entry.path()).normalize();
        if (!file.startsWith(root) || file.equals(root)) {
          throw new StorageException(
              "Cannot write file %s: found a path out of the folder, expected one within (restore the manifest)"
                  .formatted(entry.path()));
        }
        Path parent = file.resolveSibling("");
        if (!parent.equals(folder)) {
          Files.createDirectories(parent);
          folder = parent;
        }
        window.add(() -> write(entry, file));
      }
      window.finish();
    }
  }

  private void written(FileEntry entry) {
    files++;
    bytes += entry.size();
    progress.progressed(new Progress(files, bytes));
  }

  private FileEntry write(FileEntry entry, Path file) throws IOException {
    try {
      if (!links || !link(entry, file)) {
        copy(entry, file);
      }
      return entry;
    } catch (FileAlreadyExistsException e) {
      throw new StorageException(
          "Cannot write file «%s»: found its place taken by a file whose name differs in case or Unicode form only, expected a file system that tells them apart (check out elsewhere, or a part)"
              .formatted(entry.path()),
          e);
    }
  }

  /** False where a link is not possible; the file is copied then. */
  private boolean link(FileEntry entry, Path file) throws FileAlreadyExistsException {
    Optional<Path> blob = context.store().file(BlobKey.of(entry.digest()));
    if (blob.isEmpty()) {
      return false;
    }
    try {
      Files.createLink(file, blob.get());
      return true;
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private void copy(FileEntry entry, Path file) throws IOException {
    try (InputStream in = VerifiedContent.open(context.store(), entry.digest());
        OutputStream out =
            Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      in.transferTo(out);
    }
  }
}
