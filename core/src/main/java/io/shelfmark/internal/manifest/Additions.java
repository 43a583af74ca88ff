package io.shelfmark.internal.manifest;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Files and folders that are to be added; where two have one path, the one named last counts.
 * Folders are walked when the iterator asks, so that a million files are never in memory at once.
 * Not thread-safe. Its owner closes it, which removes the copies of streams.
 */
public final class Additions implements AutoCloseable {

  private record Folder(Path folder, String prefix) {}

  private final Path spool;
  private final List<Object> sources = new ArrayList<>();
  private final List<Path> copies = new ArrayList<>();

  /** Additions whose streams are copied to a folder. */
  public Additions(Path spool) {
    this.spool = spool;
  }

  /** Adds the files below a folder. */
  public void folder(Path folder, String prefix) {
    if (!prefix.isEmpty()) {
      FilePaths.require(prefix);
    }
    if (!Files.isDirectory(folder)) {
      throw new StorageException(
          "Cannot add folder %s: found none, expected a folder (check the path)".formatted(folder));
    }
    sources.add(new Folder(folder, prefix.isEmpty() ? "" : prefix + "/"));
  }

  /** Adds a file under a path. */
  public void file(String path, Path file) {
    SourceFile source = new SourceFile(path, file);
    source.attributes();
    Object last = sources.isEmpty() ? null : sources.get(sources.size() - 1);
    if (last instanceof TreeMap<?, ?>) {
      @SuppressWarnings("unchecked")
      TreeMap<String, SourceFile> files = (TreeMap<String, SourceFile>) last;
      files.put(path, source);
    } else {
      TreeMap<String, SourceFile> files = new TreeMap<>(FilePaths.ORDER);
      files.put(path, source);
      sources.add(files);
    }
  }

  /** Adds what a stream gives, up to its end, under a path; the stream stays the caller's. */
  public void stream(String path, InputStream content) {
    FilePaths.require(path);
    try {
      Files.createDirectories(spool);
      Path copy = Files.createTempFile(spool, "stream-", null);
      copies.add(copy);
      try (var out = Files.newOutputStream(copy)) {
        content.transferTo(out);
      }
      file(path, copy);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot copy the stream for %s to %s: found %s, expected room for it (check free space)"
              .formatted(path, spool, e),
          e);
    }
  }

  /** Whether nothing was added. */
  public boolean isEmpty() {
    return sources.isEmpty();
  }

  /** All files in the order of their paths; each call begins anew. */
  public Iterator<SourceFile> iterator() {
    List<Ahead> streams = new ArrayList<>();
    for (Object source : sources) {
      if (source instanceof Folder folder) {
        streams.add(new Ahead(new FolderWalk(folder.folder(), folder.prefix())));
      } else if (source instanceof TreeMap<?, ?> files) {
        streams.add(new Ahead(files.values().stream().map(SourceFile.class::cast).iterator()));
      }
    }
    return new Merge(streams);
  }

  @Override
  public void close() {
    for (Path copy : copies) {
      try {
        Files.deleteIfExists(copy);
      } catch (IOException e) {
        copy.toFile().deleteOnExit();
      }
    }
  }

  /** An iterator that shows its next element. */
  private static final class Ahead {
    private final Iterator<SourceFile> files;
    private Optional<SourceFile> next;

    Ahead(Iterator<SourceFile> files) {
      this.files = files;
      this.next = advance();
    }

    private Optional<SourceFile> advance() {
      return files.hasNext() ? Optional.of(files.next()) : Optional.empty();
    }
  }

  private static final class Merge implements Iterator<SourceFile> {
    private final List<Ahead> streams;

    Merge(List<Ahead> streams) {
      this.streams = streams;
    }

    @Override
    public boolean hasNext() {
      return streams.stream().anyMatch(stream -> stream.next.isPresent());
    }

    @Override
    public SourceFile next() {
      SourceFile first = null;
      for (Ahead stream : streams) {
        SourceFile file = stream.next.orElse(null);
        // of equal paths the later source's counts
        if (file != null
            && (first == null || FilePaths.ORDER.compare(file.path(), first.path()) <= 0)) {
          first = file;
        }
      }
      if (first == null) {
        throw new NoSuchElementException();
      }
      for (Ahead stream : streams) {
        if (stream.next.isPresent() && stream.next.get().path().equals(first.path())) {
          stream.next = stream.advance();
        }
      }
      return first;
    }
  }
}
