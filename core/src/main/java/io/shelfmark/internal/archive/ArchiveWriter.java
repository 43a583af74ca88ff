package io.shelfmark.internal.archive;

import com.github.luben.zstd.ZstdOutputStream;
import io.shelfmark.Progress;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.gc.ReadLease;
import io.shelfmark.internal.manifest.Manifest;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.MarkSet;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.internal.version.VersionDocument;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes a version and all its content into one file: a tar compressed by Zstandard. Equal versions
 * give equal tars. Every byte is checked against its digest on the way. For one thread, once.
 */
public final class ArchiveWriter {

  private static final int LEVEL = 3;
  private static final int BUFFER = 1 << 20;

  private final WorkspaceContext context;
  private final VersionDocument version;
  private final Progress.Listener progress;
  private final MarkSet written = new MarkSet();
  private long files;
  private long bytes;

  /** A writer of a version. */
  public ArchiveWriter(
      WorkspaceContext context, VersionDocument version, Progress.Listener progress) {
    this.context = context;
    this.version = version;
    this.progress = progress;
  }

  /** Writes the file, which shows when it is complete; an old one is replaced. */
  public void write(Path archive) {
    Path target = archive.toAbsolutePath();
    Path partial = target.resolveSibling(".shelfmark-" + UUID.randomUUID() + ".partial");
    try (ReadLease lease = ReadLease.open(context, List.of(version.ref()))) {
      writeTar(partial);
      try (FileChannel written = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot export %s to %s: found %s, expected a file that can be written (check folder, permissions and free space)"
              .formatted(version.ref(), archive, e),
          e);
    } finally {
      deleteQuietly(partial);
    }
  }

  private void writeTar(Path file) throws IOException {
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new ZstdOutputStream(
                new BufferedOutputStream(Files.newOutputStream(file), BUFFER), LEVEL))) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      byte[] document = Json.bytes(ArchiveFormat.document(version));
      begin(tar, ArchiveFormat.DOCUMENT, document.length);
      tar.write(document);
      tar.closeArchiveEntry();
      Manifest manifest = Manifest.open(context.store(), version.manifest());
      write(tar, manifest.digest());
      for (Digest chunk : manifest.chunkDigests()) {
        write(tar, chunk);
      }
      Manifest.Cursor entries = manifest.cursor();
      while (entries.hasNext()) {
        FileEntry entry = entries.next();
        write(tar, entry.digest(), entry.size());
        bytes += entry.size();
        progress.progressed(new Progress(++files, bytes));
      }
      tar.finish();
    }
  }

  /** Writes a part of the manifest, which is small. */
  private void write(TarArchiveOutputStream tar, Digest digest) throws IOException {
    byte[] content = VerifiedContent.read(context.store(), digest);
    if (written.add(MarkSet.mark(digest))) {
      begin(tar, BlobKey.of(digest).value(), content.length);
      tar.write(content);
      tar.closeArchiveEntry();
    }
  }

  private void write(TarArchiveOutputStream tar, Digest digest, long size) throws IOException {
    if (written.add(MarkSet.mark(digest))) {
      begin(tar, BlobKey.of(digest).value(), size);
      try (InputStream content = VerifiedContent.open(context.store(), digest)) {
        content.transferTo(tar);
      }
      tar.closeArchiveEntry();
    }
  }

  private static void begin(TarArchiveOutputStream tar, String name, long size) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setMode(0444);
    // the time of writing would make equal versions unequal archives
    entry.setModTime(0);
    tar.putArchiveEntry(entry);
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // a hidden leftover beside the archive; what went wrong before is what matters
    }
  }
}
