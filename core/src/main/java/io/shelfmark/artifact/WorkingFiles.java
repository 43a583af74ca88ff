package io.shelfmark.artifact;

import io.shelfmark.internal.Spool;
import io.shelfmark.internal.TaskWindow;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.file.FileKeys;
import io.shelfmark.internal.file.FilePointer;
import io.shelfmark.internal.gc.WriteGuard;
import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.internal.storage.PartialContent;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobNotFoundException;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.storage.StorageException;
import io.shelfmark.storage.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Files of a workspace that have a path and no versions: what a run writes while it is at work. A
 * file can be replaced and deleted; its content is kept, and checked when it is read, like that of
 * a version. Get it from {@code workspace.files()}.
 *
 * <p>Paths are as in a version: relative, names joined by {@code /}, neither case nor Unicode form
 * changed; where many names are long, less than 4,096 bytes fit. Folders are there as long as a
 * file is in them.
 *
 * <p>A file that was put is whole, durable and seen by every machine on the store when the call
 * returns; before, everyone sees what was there. Of several writers of one path the last one wins.
 * Thread-safe. Methods throw {@link StorageException} when the store fails, and {@link
 * IllegalArgumentException} for what is no path of a file.
 */
public final class WorkingFiles {

  /** Longer streams are copied to the home before they are stored. */
  private static final int IN_MEMORY = 64 * 1024;

  private static final int WINDOW = 256;

  private final WorkspaceContext context;

  /** Used by the workspace; hosts call {@code workspace.files()}. */
  public WorkingFiles(WorkspaceContext context) {
    this.context = context;
  }

  /**
   * Stores what a stream gives up to its end, in place of what was under the path; the stream stays
   * open. Memory does not grow with its length.
   *
   * @throws IllegalArgumentException when the path is a folder, or one of its folders is a file
   */
  public WorkingFile put(String path, InputStream content) {
    FilePaths.require(path);
    requireFree(path);
    try {
      byte[] beginning = content.readNBytes(IN_MEMORY + 1);
      if (beginning.length <= IN_MEMORY) {
        return store(path, BlobContent.of(beginning));
      }
      try (Spool spool = Spool.in(context.home())) {
        Path copy = spool.file("content");
        try (OutputStream out = Files.newOutputStream(copy)) {
          out.write(beginning);
          content.transferTo(out);
        }
        return store(path, BlobContent.of(copy));
      }
    } catch (IOException e) {
      throw new StorageException(
          "Cannot put file %s: found %s, expected to read it and to copy it to %s (check free space)"
              .formatted(path, e, context.home()),
          e);
    }
  }

  /**
   * Uploads of files by others, straight to the store; nothing where the store does not offer it,
   * as one in a folder does not.
   */
  public Optional<FileUploads> uploads() {
    return context.store().directUploads().map(uploads -> new FileUploads(this, uploads));
  }

  private WorkingFile store(String path, BlobContent content) {
    BlobKey key = FileKeys.of(path);
    return context
        .guards()
        .write(
            guard -> {
              StoredBlob blob = store(guard, content);
              WorkingFile file =
                  new WorkingFile(path, blob.digest(), blob.size(), context.clock().instant());
              guard.settle();
              context.store().put(key, BlobContent.of(FilePointer.bytes(file)));
              return file;
            });
  }

  private StoredBlob store(WriteGuard guard, BlobContent content) {
    try (BlobBatch batch = context.store().batch()) {
      StoredBlob blob = batch.add(content);
      guard.relyOn(blob.digest());
      batch.sync();
      return blob;
    }
  }

  /** So that a folder of files can be written to a disk. Two writers at once may still meet. */
  void requireFree(String path) {
    try (TaskWindow<Boolean> questions =
        new TaskWindow<>(context.executor(), WINDOW, isFree -> {})) {
      questions.add(() -> requireNoFolder(path));
      for (String folder : FileKeys.foldersOf(path)) {
        questions.add(() -> requireNoFile(path, folder));
      }
      questions.finish();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot put file %s: found %s, expected to go on (try again)"
              .formatted(path, e.getMessage()),
          e);
    }
  }

  private boolean requireNoFolder(String path) {
    if (isFolder(path)) {
      throw refused(path, "a folder of that path", "a file or nothing");
    }
    return true;
  }

  private boolean requireNoFile(String path, String folder) {
    if (context.store().head(FileKeys.of(folder)).isPresent()) {
      throw refused(path, "that " + folder + " is a file", "a folder or nothing");
    }
    return true;
  }

  private static IllegalArgumentException refused(String path, String found, String expected) {
    return new IllegalArgumentException(
        "Cannot put file %s: found %s, expected %s (choose another path)"
            .formatted(path, found, expected));
  }

  /** The file of a path, if it is there. */
  public Optional<WorkingFile> find(String path) {
    return FilePointer.read(context.store(), FileKeys.of(FilePaths.require(path)));
  }

  /** Whether files lie below a path. */
  public boolean isFolder(String path) {
    try (Stream<BlobInfo> below = context.store().list(FileKeys.below(FilePaths.require(path)))) {
      return below.findFirst().isPresent();
    }
  }

  /**
   * What lies directly in a folder; takes time for each file below it.
   *
   * @param folder a path, or "" for the root
   */
  public WorkingFolder list(String folder) {
    List<WorkingFile> files = new ArrayList<>();
    List<String> folders = new ArrayList<>();
    String prefix = FileKeys.below(folder.isEmpty() ? "" : FilePaths.require(folder));
    try (TaskWindow<Optional<WorkingFile>> window =
            new TaskWindow<>(context.executor(), WINDOW, file -> file.ifPresent(files::add));
        Stream<BlobInfo> below = context.store().list(prefix)) {
      String segment = "";
      for (BlobInfo info : (Iterable<BlobInfo>) below::iterator) {
        String rest = info.key().value().substring(prefix.length());
        int end = rest.indexOf('/') + 1;
        if (end == 0) {
          window.add(() -> FilePointer.read(context.store(), info.key()));
        } else if (!rest.substring(0, end).equals(segment)) {
          Optional<WorkingFile> first = FilePointer.read(context.store(), info.key());
          if (first.isPresent()) {
            segment = rest.substring(0, end);
            folders.add(folderIn(folder, first.get().path()));
          }
        }
      }
      window.finish();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot list folder %s: found %s, expected to go on (try again)"
              .formatted(folder, e.getMessage()),
          e);
    }
    folders.sort(FilePaths.ORDER);
    files.sort(Comparator.comparing(WorkingFile::path, FilePaths.ORDER));
    return new WorkingFolder(folders, files);
  }

  /** The folder directly in another one in which a path lies. */
  private static String folderIn(String folder, String path) {
    int from = folder.isEmpty() ? 0 : folder.length() + 1;
    return path.substring(0, path.indexOf('/', from));
  }

  /**
   * Reads a file. The stream ends with {@link io.shelfmark.storage.CorruptBlobException} instead of
   * its last block when the bytes are not those that were put.
   *
   * @return a stream that the caller closes
   * @throws VersionNotFoundException when there is no file of that path
   */
  public InputStream open(String path) {
    return open(path, file -> VerifiedContent.open(context.store(), file.digest()));
  }

  /**
   * Reads a part of a file; less than asked for where the file ends within it, nothing where it
   * ends before. A digest is of the whole: a part is checked to be as long as it should be, and
   * against the digest only where it is the whole file.
   *
   * @return a stream that the caller closes
   * @throws VersionNotFoundException when there is no file of that path
   */
  public InputStream open(String path, ByteRange range) {
    return open(
        path, file -> PartialContent.open(context.store(), file.digest(), file.size(), range));
  }

  private InputStream open(String path, Function<WorkingFile, InputStream> reader) {
    WorkingFile file = require(path);
    while (true) {
      try {
        return reader.apply(file);
      } catch (BlobNotFoundException e) {
        WorkingFile now = require(path);
        if (now.digest().equals(file.digest())) {
          throw e;
        }
        // replaced, and the former content collected, between the two reads
        file = now;
      }
    }
  }

  private WorkingFile require(String path) {
    return find(path)
        .orElseThrow(
            () ->
                new VersionNotFoundException(
                    "Cannot read file %s: found no such file, expected one that was put (check the path)"
                        .formatted(path)));
  }

  /**
   * Deletes a file, or a folder with all that lies in it; nothing happens when there is neither.
   * Other keepers of the same content keep it; the collection of garbage takes what nobody keeps.
   */
  public void delete(String path) {
    context.store().delete(FileKeys.of(FilePaths.require(path)));
    try (TaskWindow<BlobKey> window = new TaskWindow<>(context.executor(), WINDOW, key -> {});
        Stream<BlobInfo> below = context.store().list(FileKeys.below(path))) {
      for (BlobInfo info : (Iterable<BlobInfo>) below::iterator) {
        window.add(
            () -> {
              context.store().delete(info.key());
              return info.key();
            });
      }
      window.finish();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot delete folder %s: found %s, expected to go on (try again)"
              .formatted(path, e.getMessage()),
          e);
    }
  }
}
