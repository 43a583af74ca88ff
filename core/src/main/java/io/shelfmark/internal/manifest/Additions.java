package io.shelfmark.internal.manifest;

import io.shelfmark.artifact.FileEntry;
import io.shelfmark.internal.Spool;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files and folders that are to be added; where two have one path, the one named last counts.
 * Folders are walked when they are opened, so that a million files are never in memory at once. Not
 * thread-safe. Its owner closes it, which removes the copies of streams.
 */
public final class Additions implements AutoCloseable {

  private interface Source {
    Iterator<? extends Addition> open(List<StatCache> caches);
  }

  /** Files named one by one between two folders. */
  private record NamedFiles(TreeMap<String, Addition> files) implements Source {
    @Override
    public Iterator<? extends Addition> open(List<StatCache> caches) {
      return files.values().iterator();
    }
  }

  private record Folder(Path home, Clock clock, Path folder, String prefix) implements Source {
    @Override
    public Iterator<? extends Addition> open(List<StatCache> caches) {
      StatCache cache = StatCache.open(home, folder, clock.instant());
      caches.add(cache);
      return new FolderWalk(folder, prefix, cache);
    }
  }

  private final Path home;
  private final Clock clock;
  private final List<Source> sources = new ArrayList<>();
  private @Nullable Spool spool;
  private int copies;

  /** Additions whose streams are copied to a home, which also caches what files were. */
  public Additions(Path home, Clock clock) {
    this.home = home;
    this.clock = clock;
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
    sources.add(new Folder(home, clock, folder, prefix.isEmpty() ? "" : prefix + "/"));
  }

  /** Adds a file under a path. */
  public void file(String path, Path file) {
    SourceFile source = new SourceFile(path, file, Optional.empty());
    source.stamp();
    name(source);
  }

  /** Adds content that the store has; the writer sees to it that it stays. */
  public void stored(FileEntry entry) {
    name(new Addition.Stored(entry));
  }

  private void name(Addition addition) {
    if (sources.isEmpty() || !(sources.get(sources.size() - 1) instanceof NamedFiles)) {
      sources.add(new NamedFiles(new TreeMap<>(FilePaths.ORDER)));
    }
    if (sources.get(sources.size() - 1) instanceof NamedFiles last) {
      last.files().put(addition.path(), addition);
    }
  }

  /** Adds what a stream gives, up to its end, under a path; the stream stays the caller's. */
  public void stream(String path, InputStream content) {
    FilePaths.require(path);
    try {
      if (spool == null) {
        spool = Spool.in(home);
      }
      Path copy = spool.file(Integer.toString(copies++));
      Files.copy(content, copy);
      file(path, copy);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot copy the stream for %s to %s: found %s, expected room for it (check free space)"
              .formatted(path, home, e),
          e);
    }
  }

  /** Whether nothing was added. */
  public boolean isEmpty() {
    return sources.isEmpty();
  }

  /** All files in the order of their paths, from the beginning; the caller closes it. */
  public Cursor open() {
    Cursor cursor = new Cursor();
    try {
      for (Source source : sources) {
        cursor.streams.add(new Ahead(source.open(cursor.caches)));
      }
      return cursor;
    } catch (RuntimeException e) {
      cursor.close();
      throw e;
    }
  }

  @Override
  public void close() {
    if (spool != null) {
      spool.close();
    }
  }

  /** An iterator that shows its next element. */
  private static final class Ahead {
    private final Iterator<? extends Addition> files;
    private Optional<Addition> next;

    Ahead(Iterator<? extends Addition> files) {
      this.files = files;
      this.next = advance();
    }

    private Optional<Addition> advance() {
      return files.hasNext() ? Optional.of(files.next()) : Optional.empty();
    }
  }

  /** Reads the files in the order of their paths. */
  public static final class Cursor implements AutoCloseable {
    private final List<Ahead> streams = new ArrayList<>();
    private final List<StatCache> caches = new ArrayList<>();

    private Cursor() {}

    /** The path that comes next, if there is one. */
    public Optional<String> peek() {
      return first().map(Addition::path);
    }

    private Optional<Addition> first() {
      Optional<Addition> first = Optional.empty();
      for (Ahead stream : streams) {
        // of equal paths the later source's counts
        if (stream.next.isPresent()
            && (first.isEmpty()
                || FilePaths.ORDER.compare(stream.next.get().path(), first.get().path()) <= 0)) {
          first = stream.next;
        }
      }
      return first;
    }

    Addition next() {
      Addition first = first().orElseThrow(NoSuchElementException::new);
      for (Ahead stream : streams) {
        if (stream.next.isPresent() && stream.next.get().path().equals(first.path())) {
          stream.next = stream.advance();
        }
      }
      return first;
    }

    /** Remembers what the files were, once all of them are stored. */
    public void remember() {
      caches.forEach(StatCache::commit);
    }

    @Override
    public void close() {
      caches.forEach(StatCache::close);
    }
  }
}
