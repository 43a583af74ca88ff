package io.shelfmark.internal.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.Progress;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.dataset.DvcRemote;
import io.shelfmark.internal.Spool;
import io.shelfmark.internal.TaskWindow;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.manifest.Manifest;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** Writes a version's files as DVC 3 objects, and the {@code .dvc} file. For one thread, once. */
public final class DvcExport {

  private static final int WINDOW = 64;

  private record Exported(FileEntry file, Md5 md5) {}

  private final WorkspaceContext context;
  private final DvcRemote remote;
  private final Progress.Listener progress;
  private long files;
  private long bytes;

  /** An export from a workspace to a remote. */
  public DvcExport(WorkspaceContext context, DvcRemote remote, Progress.Listener progress) {
    this.context = context;
    this.remote = remote;
    this.progress = progress;
  }

  /**
   * Exports a manifest's files. Objects come first and the {@code .dvc} file last, so that it never
   * names what is not there.
   */
  public void run(Manifest manifest, Path dvcFile) {
    Path target = dvcFile.toAbsolutePath();
    String name = String.valueOf(target.getFileName());
    if (!name.endsWith(".dvc") || name.length() == 4) {
      throw new IllegalArgumentException(
          "Cannot export to %s: expected a name that ends in .dvc".formatted(dvcFile));
    }
    try (Spool spool = Spool.in(context.home())) {
      Path listing = spool.file("listing");
      Md5 md5 = list(manifest, listing);
      remote.put(DvcLayout.THREE.folder(md5), BlobContent.of(listing));
      Path partial = Files.createTempFile(target.getParent(), ".", ".dvc");
      Files.writeString(
          partial, DvcFile.text(name.substring(0, name.length() - 4), md5, bytes, files));
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot export to %s and DVC remote %s: found %s, expected both to be writable (check permissions and free space)"
              .formatted(dvcFile, remote, e),
          e);
    }
  }

  private Md5 list(Manifest manifest, Path listing) throws IOException {
    MessageDigest calculation = Md5.start();
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(listing), calculation);
        TaskWindow<Exported> window =
            new TaskWindow<>(context.executor(), WINDOW, exported -> list(exported, out))) {
      out.write('[');
      for (Manifest.Cursor entries = manifest.cursor(); entries.hasNext(); ) {
        FileEntry entry = entries.next();
        window.add(() -> store(entry));
      }
      window.finish();
      out.write(']');
    }
    return Md5.of(calculation);
  }

  private void list(Exported exported, OutputStream out) throws IOException {
    String line = DirObject.line(new DirObject.Entry(exported.file().path(), exported.md5()));
    out.write(((files == 0 ? "" : ", ") + line).getBytes(UTF_8));
    files++;
    bytes += exported.file().size();
    progress.progressed(new Progress(files, bytes));
  }

  /** Reads a file for its MD5, and again to send it where the remote lacks it. */
  private Exported store(FileEntry entry) throws IOException {
    MessageDigest calculation = Md5.start();
    try (InputStream stream =
        new DigestInputStream(VerifiedContent.open(context.store(), entry.digest()), calculation)) {
      stream.transferTo(OutputStream.nullOutputStream());
    }
    Md5 md5 = Md5.of(calculation);
    String key = DvcLayout.THREE.file(md5);
    if (!remote.has(key, entry.size())) {
      remote.put(
          key,
          BlobContent.of(
              entry.size(), () -> VerifiedContent.open(context.store(), entry.digest())));
    }
    return new Exported(entry, md5);
  }
}
