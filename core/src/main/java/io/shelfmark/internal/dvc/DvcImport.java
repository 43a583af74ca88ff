package io.shelfmark.internal.dvc;

import io.shelfmark.dataset.DvcRemote;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The files that a {@code .dvc} file tracks, fetched from a remote and checked. They lie in a
 * folder of the home until this is closed. For one thread, once.
 */
public final class DvcImport implements AutoCloseable {

  private record Wanted(String path, Md5 md5, DvcLayout layout) {}

  private final WorkspaceContext context;
  private final DvcRemote remote;
  private final Path folder;

  /** An import into the home of a workspace. */
  public DvcImport(WorkspaceContext context, DvcRemote remote) {
    this.context = context;
    this.remote = remote;
    try {
      Path spool = Files.createDirectories(context.home().resolve("spool"));
      this.folder = Files.createTempDirectory(spool, "dvc-");
    } catch (IOException e) {
      throw new StorageException(
          "Cannot import from DVC remote %s: found %s, expected a home to write to (check %s)"
              .formatted(remote, e, context.home()),
          e);
    }
  }

  /** Fetches all files, many at once, then gives each path and the file that holds its bytes. */
  public void fetch(Path dvcFile, BiConsumer<String, Path> action) {
    List<Wanted> wanted = wanted(dvcFile);
    List<Future<?>> copies = new ArrayList<>();
    try {
      for (int i = 0; i < wanted.size(); i++) {
        Wanted file = wanted.get(i);
        Path target = folder.resolve(Integer.toString(i));
        copies.add(
            context
                .executor()
                .submit(
                    () ->
                        VerifiedCopy.copy(
                            remote,
                            file.layout(),
                            file.md5(),
                            file.layout().file(file.md5()),
                            target)));
      }
      for (int i = 0; i < wanted.size(); i++) {
        await(copies.get(i));
        action.accept(wanted.get(i).path(), folder.resolve(Integer.toString(i)));
      }
    } finally {
      copies.forEach(copy -> copy.cancel(false));
    }
  }

  private List<Wanted> wanted(Path dvcFile) {
    DvcFile file = DvcFile.read(dvcFile);
    List<Wanted> wanted = new ArrayList<>();
    for (DvcFile.Out out : file.outs()) {
      if (out.isFolder()) {
        // of several folders each keeps its name; of one the files are the dataset
        String prefix = file.outs().size() == 1 ? "" : FilePaths.require(out.path()) + "/";
        for (DirObject.Entry entry : folder(out)) {
          wanted.add(
              new Wanted(FilePaths.require(prefix + entry.path()), entry.md5(), out.layout()));
        }
      } else {
        wanted.add(new Wanted(FilePaths.require(out.path()), out.md5(), out.layout()));
      }
    }
    return wanted;
  }

  private List<DirObject.Entry> folder(DvcFile.Out out) {
    Path listing = folder.resolve("listing");
    String key = out.layout().folder(out.md5());
    VerifiedCopy.copy(remote, DvcLayout.THREE, out.md5(), key, listing);
    try {
      return DirObject.parse(Files.readAllBytes(listing));
    } catch (IOException e) {
      throw new StorageException(
          "Cannot import %s from DVC remote %s: found %s, expected a list of files (restore it from another copy)"
              .formatted(key, remote, e.getMessage()),
          e);
    }
  }

  private static void await(Future<?> copy) {
    try {
      copy.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new StorageException("Cannot import from DVC: found " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(
          "Cannot import from DVC: found an interrupt, expected to go on (try again)", e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // a leftover in the home's spool, which may be emptied while nothing runs
    }
  }
}
