package io.shelfmark.internal.dvc;

import io.shelfmark.Progress;
import io.shelfmark.dataset.DvcRemote;
import io.shelfmark.internal.Spool;
import io.shelfmark.internal.TaskWindow;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The files that a {@code .dvc} file tracks, fetched from a remote and checked. They lie in a
 * folder of the home until this is closed. For one thread, once.
 */
public final class DvcImport implements AutoCloseable {

  private record Fetched(String path, Path copy) {}

  private record Wanted(String path, Md5 md5, DvcLayout layout) {}

  private static final int WINDOW = 64;

  private final WorkspaceContext context;
  private final DvcRemote remote;
  private final Progress.Listener progress;
  private final Spool spool;
  private long files;
  private long bytes;

  /** An import into the home of a workspace. */
  public DvcImport(WorkspaceContext context, DvcRemote remote, Progress.Listener progress) {
    this.context = context;
    this.remote = remote;
    this.progress = progress;
    try {
      this.spool = Spool.in(context.home());
    } catch (IOException e) {
      throw new StorageException(
          "Cannot import from DVC remote %s: found %s, expected a home to write to (check %s)"
              .formatted(remote, e, context.home()),
          e);
    }
  }

  /** Fetches all files, many at once, and gives each path and the file that holds its bytes. */
  public void fetch(Path dvcFile, BiConsumer<String, Path> action) {
    List<Wanted> wanted = wanted(dvcFile);
    try (TaskWindow<Fetched> window =
        new TaskWindow<>(
            context.executor(),
            WINDOW,
            fetched -> {
              action.accept(fetched.path(), fetched.copy());
              bytes += Files.size(fetched.copy());
              progress.progressed(new Progress(++files, bytes));
            })) {
      for (int i = 0; i < wanted.size(); i++) {
        Wanted file = wanted.get(i);
        Path copy = spool.file(Integer.toString(i));
        window.add(
            () -> {
              String key = file.layout().file(file.md5());
              VerifiedCopy.copy(remote, file.layout(), file.md5(), key, copy);
              return new Fetched(file.path(), copy);
            });
      }
      window.finish();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot import %s from DVC remote %s: found %s, expected to go on (try again)"
              .formatted(dvcFile, remote, e.getMessage()),
          e);
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
    Path listing = spool.file("listing");
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

  @Override
  public void close() {
    spool.close();
  }
}
