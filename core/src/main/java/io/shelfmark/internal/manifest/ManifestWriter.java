package io.shelfmark.internal.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.artifact.FileEntry;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.Digest;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries, which come in order, as chunks and a root. A chunk ends after a path whose CRC-32
 * is a multiple of 2,048, whatever lies before: so equal lists give equal chunks however they came
 * about, and a change touches the chunks around it only (content-defined chunking, as in
 * Muthitacharoen, Chen and Mazières, A Low-bandwidth Network File System, SOSP 2001, 3.1). Not
 * thread-safe.
 */
public final class ManifestWriter {

  private static final int AVERAGE = 2_048;

  /** Bounds the memory for a chunk whose paths never fall on a boundary. */
  private static final int LONGEST = 16 * AVERAGE;

  private final BlobBatch batch;
  private final Consumer<Digest> written;
  private final ByteArrayOutputStream root = new ByteArrayOutputStream();
  private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();
  private final CRC32 crc = new CRC32();
  private @Nullable String firstPath;
  private @Nullable String lastPath;
  private long chunkFiles;
  private long chunkBytes;
  private long files;
  private long bytes;

  /**
   * A writer into a batch, which stays the caller's.
   *
   * @param written is told of all content that the manifest consists of
   */
  public ManifestWriter(BlobBatch batch, Consumer<Digest> written) {
    this.batch = batch;
    this.written = written;
    root.writeBytes((ManifestChunk.HEADER + "\n").getBytes(UTF_8));
  }

  /** How many files were added. */
  public long files() {
    return files;
  }

  /** How long the files that were added are together. */
  public long bytes() {
    return bytes;
  }

  /**
   * Adds the next entry.
   *
   * @throws IllegalArgumentException when its path is not beyond the one before
   */
  public void add(FileEntry entry) {
    if (lastPath != null && FilePaths.ORDER.compare(lastPath, entry.path()) >= 0) {
      throw new IllegalArgumentException(
          "Cannot list file «%s»: found it after «%s», expected rising paths"
              .formatted(entry.path(), lastPath));
    }
    byte[] path = entry.path().getBytes(UTF_8);
    chunk.writeBytes((entry.digest().hex() + " " + entry.size() + " ").getBytes(UTF_8));
    chunk.writeBytes(path);
    chunk.write('\n');
    firstPath = firstPath == null ? entry.path() : firstPath;
    lastPath = entry.path();
    chunkFiles++;
    chunkBytes += entry.size();
    files++;
    bytes += entry.size();
    crc.reset();
    crc.update(path);
    if (crc.getValue() % AVERAGE == 0 || chunkFiles == LONGEST) {
      endChunk();
    }
  }

  private void endChunk() {
    if (firstPath == null) {
      return;
    }
    Digest digest = store(chunk);
    root.writeBytes(
        (digest.hex() + " " + chunkFiles + " " + chunkBytes + " " + firstPath + "\n")
            .getBytes(UTF_8));
    chunk.reset();
    firstPath = null;
    chunkFiles = 0;
    chunkBytes = 0;
  }

  /** Ends the list; the digest of its root is the list's identity. */
  public Digest finish() {
    endChunk();
    return store(root);
  }

  private Digest store(ByteArrayOutputStream content) {
    Digest digest = batch.add(BlobContent.of(content.toByteArray())).digest();
    written.accept(digest);
    return digest;
  }
}
