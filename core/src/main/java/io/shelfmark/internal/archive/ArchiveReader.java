package io.shelfmark.internal.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdInputStream;
import io.shelfmark.ImportOptions;
import io.shelfmark.Progress;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.internal.Spool;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.gc.WriteGuard;
import io.shelfmark.internal.manifest.Manifest;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.MarkSet;
import io.shelfmark.internal.version.VersionDocument;
import io.shelfmark.internal.version.VersionLog;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Reads an archive into a workspace. Nothing in it is believed: every entry must be the content
 * that the version's list of files names, of the length and digest that it says, so neither a path
 * nor a bomb reaches the store. For one thread.
 */
public final class ArchiveReader {

  private static final int BUFFER = 1 << 20;

  /** The longest part of a manifest, in bytes: 32,768 lines of the longest paths fit. */
  private static final long LONGEST_LIST = 160L << 20;

  private final WorkspaceContext context;
  private final Path archive;
  private final ImportOptions options;

  /** A reader of a file into a workspace. */
  public ArchiveReader(WorkspaceContext context, Path archive, ImportOptions options) {
    this.context = context;
    this.archive = archive;
    this.options = options;
  }

  /**
   * Stores the content and claims the next number of the version's name. When the last version
   * there has the same files and came from the same version, it is that one.
   */
  public VersionDocument read() {
    return context.guards().write(this::read);
  }

  private VersionDocument read(WriteGuard guard) {
    try (BudgetStream stream =
            new BudgetStream(
                new ZstdInputStream(
                    new BufferedInputStream(Files.newInputStream(archive), BUFFER)));
        BlobBatch batch = context.store().batch();
        Spool spool = Spool.in(context.home())) {
      Entries entries = new Entries(stream, spool.file("entry"));
      JsonNode document = document(entries);
      store(entries, document, new Contents(batch, guard), guard);
      batch.sync();
      return claim(guard, document);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private JsonNode document(Entries entries) throws IOException {
    Optional<TarArchiveEntry> entry = entries.next();
    if (entry.filter(first -> first.getName().equals(ArchiveFormat.DOCUMENT)).isEmpty()) {
      throw refused("entry " + printable(entry), ArchiveFormat.DOCUMENT);
    }
    if (entry.get().getSize() > ArchiveFormat.LONGEST_DOCUMENT) {
      throw refused(
          "a document of " + entry.get().getSize() + " bytes",
          ArchiveFormat.LONGEST_DOCUMENT + " at most");
    }
    JsonNode document =
        Json.parse(Files.readAllBytes(entries.copy(entry.get())), "archive " + archive);
    long bytes = document.path("bytes").asLong(-1);
    if (bytes < 0 || bytes > options.maximumSize()) {
      throw refused("a version of " + bytes + " bytes", options.maximumSize() + " at most");
    }
    return document;
  }

  private void store(Entries entries, JsonNode document, Contents contents, WriteGuard guard)
      throws IOException {
    Digest root = Digest.parse(Json.text(document, "manifest", "archive " + archive));
    storeList(entries, root, contents);
    Manifest manifest = Manifest.open(context.store(), root);
    requireAsSaid(document, manifest);
    for (Digest chunk : manifest.chunkDigests()) {
      if (!contents.has(chunk)) {
        storeList(entries, chunk, contents);
      }
    }
    MarkSet wanted = new MarkSet();
    for (Manifest.Cursor files = manifest.cursor(); files.hasNext(); ) {
      FileEntry file = files.next();
      wanted.add(mark(file.digest(), file.size()));
    }
    Optional<TarArchiveEntry> next = entries.next();
    while (next.isPresent()) {
      Digest digest = digest(next.get());
      if (!wanted.contains(mark(digest, next.get().getSize()))) {
        throw refused("entry " + printable(next), "content of the version's files");
      }
      contents.store(digest, next.get(), entries);
      next = entries.next();
    }
    requireComplete(manifest, contents, guard);
  }

  /** Stores a part of the manifest, which must be next. */
  private void storeList(Entries entries, Digest expected, Contents contents) throws IOException {
    Optional<TarArchiveEntry> entry = entries.next();
    if (entry.isEmpty() || !digest(entry.get()).equals(expected)) {
      throw refused("entry " + printable(entry), BlobKey.of(expected).value());
    }
    if (entry.get().getSize() > LONGEST_LIST) {
      throw refused("a list of " + entry.get().getSize() + " bytes", LONGEST_LIST + " at most");
    }
    contents.store(expected, entry.get(), entries);
  }

  /** Content that the archive leaves out must be in the store already. */
  private void requireComplete(Manifest manifest, Contents contents, WriteGuard guard) {
    for (Manifest.Cursor entries = manifest.cursor(); entries.hasNext(); ) {
      FileEntry entry = entries.next();
      if (!contents.has(entry.digest())) {
        guard.relyOn(entry.digest());
        if (context
            .store()
            .head(BlobKey.of(entry.digest()))
            .filter(blob -> blob.size() == entry.size())
            .isEmpty()) {
          throw refused("no content of file " + entry.path(), "all files of the version");
        }
      }
    }
  }

  private void requireAsSaid(JsonNode document, Manifest manifest) {
    if (manifest.files() != document.path("files").asLong()
        || manifest.bytes() != document.path("bytes").asLong()) {
      throw refused(
          "%d files of %d bytes in the list".formatted(manifest.files(), manifest.bytes()),
          document.path("files") + " of " + document.path("bytes"));
    }
  }

  private VersionDocument claim(WriteGuard guard, JsonNode document) {
    VersionRef ref = ArchiveFormat.ref(document);
    VersionLog versions =
        new VersionLog(context.store(), ref.kind(), options.name().orElse(ref.name()));
    Optional<VersionDocument> last =
        Optional.of(versions.last())
            .filter(number -> number > 0)
            .flatMap(versions::find)
            .filter(
                found ->
                    found.manifest().equals(Digest.parse(document.path("manifest").asText()))
                        && found
                            .field("importedFrom")
                            .filter(from -> from.asText().equals(ref.toString()))
                            .isPresent());
    if (last.isPresent()) {
      return versions.relyOn(guard, last.get().ref().number());
    }
    guard.settle();
    return versions.claimNext(ArchiveFormat.draft(document));
  }

  /** What came out of the archive and lies in the store. */
  private final class Contents {
    private final BlobBatch batch;
    private final WriteGuard guard;
    private final MarkSet stored = new MarkSet();
    private long count;
    private long bytes;

    Contents(BlobBatch batch, WriteGuard guard) {
      this.batch = batch;
      this.guard = guard;
    }

    boolean has(Digest digest) {
      return stored.contains(MarkSet.mark(digest));
    }

    void store(Digest digest, TarArchiveEntry entry, Entries entries) throws IOException {
      Path copy = entries.copy(entry);
      Digest found = batch.add(BlobContent.of(copy, entry.getSize())).digest();
      if (!found.equals(digest)) {
        throw refused("content " + found + " under the name of " + digest, "the same");
      }
      guard.relyOn(digest);
      stored.add(MarkSet.mark(digest));
      bytes += entry.getSize();
      options.progress().progressed(new Progress(++count, bytes));
    }
  }

  private Digest digest(TarArchiveEntry entry) {
    String name = entry.getName();
    try {
      Digest digest = new Digest(name.substring(name.lastIndexOf('/') + 1));
      if (BlobKey.of(digest).value().equals(name)) {
        return digest;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw refused("entry " + printable(entry), "content under its digest");
  }

  /** Stands for content of this length. */
  private static long mark(Digest digest, long size) {
    return MarkSet.mark(digest) ^ Long.rotateLeft(size * 0x9e3779b97f4a7c15L, 17);
  }

  private static String printable(Optional<TarArchiveEntry> entry) {
    return entry.map(ArchiveReader::printable).orElse("none");
  }

  private static String printable(TarArchiveEntry entry) {
    String name = entry.getName();
    return "«%s»"
        .formatted(name.substring(0, Math.min(200, name.length())).replaceAll("\\p{Cntrl}", "?"));
  }

  private StorageException refused(String found, String expected) {
    return new StorageException(
        "Cannot import %s: found %s, expected %s (export the version again)"
            .formatted(archive, found, expected));
  }

  private StorageException unreadable(IOException e) {
    return new StorageException(
        "Cannot import %s: found %s, expected a whole archive (check path and free space, or copy it again)"
            .formatted(archive, e),
        e);
  }
}
