package io.shelfmark.internal.manifest;

import io.shelfmark.artifact.FileEntry;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sorted list of a version's files, read from the store chunk by chunk. In memory are one line
 * for each chunk and the entries of one chunk for each iteration. Immutable and thread-safe; the
 * iterators are not.
 */
public final class Manifest {

  private final BlobStore store;
  private final Digest digest;
  private final List<ManifestChunk> chunks;

  private Manifest(BlobStore store, Digest digest, List<ManifestChunk> chunks) {
    this.store = store;
    this.digest = digest;
    this.chunks = chunks;
  }

  /** Reads the root of a manifest. */
  public static Manifest open(BlobStore store, Digest digest) {
    return new Manifest(store, digest, ManifestChunk.readRoot(store, digest));
  }

  /** The identity of the list: equal lists have equal digests. */
  public Digest digest() {
    return digest;
  }

  /** How many files there are. */
  public long files() {
    return chunks.stream().mapToLong(ManifestChunk::files).sum();
  }

  /** How long all files are together. */
  public long bytes() {
    return chunks.stream().mapToLong(ManifestChunk::bytes).sum();
  }

  /** The content that the list consists of, apart from its root. */
  public List<Digest> chunkDigests() {
    return chunks.stream().map(ManifestChunk::digest).distinct().toList();
  }

  /** The entry of a path. */
  public Optional<FileEntry> find(String path) {
    int chunk = -1;
    while (chunk + 1 < chunks.size()
        && FilePaths.ORDER.compare(chunks.get(chunk + 1).firstPath(), path) <= 0) {
      chunk++;
    }
    return chunk < 0
        ? Optional.empty()
        : chunks.get(chunk).read(store).stream()
            .filter(entry -> entry.path().equals(path))
            .findFirst();
  }

  /** All content that the manifest consists of and names, each chunk's digest before its files'. */
  public void forEachContent(Consumer<Digest> action) {
    action.accept(digest);
    for (ManifestChunk chunk : chunks) {
      action.accept(chunk.digest());
      chunk.read(store).forEach(entry -> action.accept(entry.digest()));
    }
  }

  /** The entries in order. */
  public Cursor cursor() {
    return new Cursor();
  }

  /** Reads the entries in order. */
  public final class Cursor implements Iterator<FileEntry> {

    private int nextChunk;
    private Iterator<FileEntry> entries = Collections.emptyIterator();
    private @Nullable FileEntry ahead;

    private Cursor() {}

    @Override
    public boolean hasNext() {
      while (ahead == null) {
        if (entries.hasNext()) {
          ahead = entries.next();
        } else if (nextChunk < chunks.size()) {
          entries = chunks.get(nextChunk++).read(store).iterator();
        } else {
          return false;
        }
      }
      return true;
    }

    /** The next entry, which stays the next. */
    public FileEntry peek() {
      if (!hasNext() || ahead == null) {
        throw new NoSuchElementException();
      }
      return ahead;
    }

    @Override
    public FileEntry next() {
      FileEntry next = peek();
      ahead = null;
      return next;
    }

    private boolean atChunk() {
      return ahead == null && !entries.hasNext() && nextChunk < chunks.size();
    }

    /** Passes over chunks that both cursors are at the beginning of, without reading them. */
    public void skipCommonChunks(Cursor other) {
      while (atChunk()
          && other.atChunk()
          && chunks.get(nextChunk).digest().equals(other.chunk().digest())) {
        nextChunk++;
        other.nextChunk++;
      }
    }

    private ManifestChunk chunk() {
      return chunks.get(nextChunk);
    }
  }
}
