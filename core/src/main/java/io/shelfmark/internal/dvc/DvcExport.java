package io.shelfmark.internal.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.artifact.FileEntry;
import io.shelfmark.dataset.DvcRemote;
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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Writes a version's files as DVC 3 objects, and the {@code .dvc} file. For one thread, once. */
public final class DvcExport {

  private static final int WINDOW = 64;

  private final WorkspaceContext context;
  private final DvcRemote remote;
  private final Deque<Future<DirObject.Entry>> window = new ArrayDeque<>();
  private long files;
  private long bytes;

  /** An export from a workspace to a remote. */
  public DvcExport(WorkspaceContext context, DvcRemote remote) {
    this.context = context;
    this.remote = remote;
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
    try {
      Path spool = Files.createDirectories(context.home().resolve("spool"));
      Path listing = Files.createTempFile(spool, "dvc-", ".dir");
      try {
        Md5 md5 = list(manifest, listing);
        remote.put(DvcLayout.THREE.folder(md5), BlobContent.of(listing));
        String text = DvcFile.text(name.substring(0, name.length() - 4), md5, bytes, files);
        Path partial = Files.createTempFile(target.getParent(), ".", ".dvc");
        Files.writeString(partial, text);
        Files.move(
            partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(listing);
      }
    } catch (IOException e) {
      throw new StorageException(
          "Cannot export to %s and DVC remote %s: found %s, expected both to be writable (check permissions and free space)"
              .formatted(dvcFile, remote, e),
          e);
    }
  }

  private Md5 list(Manifest manifest, Path listing) throws IOException {
    MessageDigest calculation = Md5.start();
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(listing), calculation)) {
      out.write('[');
      Manifest.Cursor entries = manifest.cursor();
      while (entries.hasNext() || !window.isEmpty()) {
        while (entries.hasNext() && window.size() < WINDOW) {
          FileEntry entry = entries.next();
          window.add(context.executor().submit(() -> store(entry)));
          bytes += entry.size();
        }
        String line = DirObject.line(await(window.remove()));
        out.write(((files++ == 0 ? "" : ", ") + line).getBytes(UTF_8));
      }
      out.write(']');
    } finally {
      window.forEach(pending -> pending.cancel(false));
    }
    return Md5.of(calculation);
  }

  /** Reads a file for its MD5, and again to send it where the remote lacks it. */
  private DirObject.Entry store(FileEntry entry) throws IOException {
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
    return new DirObject.Entry(entry.path(), md5);
  }

  private static DirObject.Entry await(Future<DirObject.Entry> pending) throws IOException {
    try {
      return pending.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new StorageException("Cannot export to DVC: found " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(
          "Cannot export to DVC: found an interrupt, expected to go on (try again)", e);
    }
  }
}
