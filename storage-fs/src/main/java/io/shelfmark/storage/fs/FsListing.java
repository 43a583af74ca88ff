package io.shelfmark.storage.fs;

import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;

/**
 * The blobs below a folder in the order of their keys, one folder in memory at a time for each
 * level. Names that are no part of a key are somebody else's files, or the store's own. Not
 * thread-safe.
 */
final class FsListing extends Spliterators.AbstractSpliterator<BlobInfo> {

  private record Entry(String name, BasicFileAttributes attributes) {
    boolean folder() {
      return attributes.isDirectory();
    }

    /** A folder's keys go on with a slash, and are ordered with it. */
    String ordered() {
      return folder() ? name + "/" : name;
    }
  }

  private record Level(Path folder, String prefix, Iterator<Entry> entries) {}

  private final Deque<Level> levels = new ArrayDeque<>();

  FsListing(Path folder, String prefix) {
    super(
        Long.MAX_VALUE,
        Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL | Spliterator.IMMUTABLE);
    enter(folder, prefix);
  }

  @Override
  public boolean tryAdvance(Consumer<? super BlobInfo> action) {
    while (!levels.isEmpty()) {
      Level level = levels.element();
      if (!level.entries().hasNext()) {
        levels.pop();
        continue;
      }
      Entry entry = level.entries().next();
      String key = level.prefix() + entry.name();
      if (entry.folder()) {
        enter(level.folder().resolve(entry.name()), key + "/");
        continue;
      }
      action.accept(BlobFiles.info(BlobKey.of(key), entry.attributes()));
      return true;
    }
    return false;
  }

  private void enter(Path folder, String prefix) {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      for (Path path : paths) {
        String name = String.valueOf(path.getFileName());
        if (isSegment(name)) {
          read(path).ifPresent(attributes -> entries.add(new Entry(name, attributes)));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return;
    } catch (DirectoryIteratorException e) {
      throw unreadable(folder, new IOException(e));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    entries.sort(Comparator.comparing(Entry::ordered));
    levels.push(new Level(folder, prefix, entries.iterator()));
  }

  private static Optional<BasicFileAttributes> read(Path path) throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class));
    } catch (NoSuchFileException e) {
      // deleted since the folder was read
      return Optional.empty();
    }
  }

  private static boolean isSegment(String name) {
    try {
      return !BlobKey.of(name).value().contains("/");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static StorageException unreadable(Path path, IOException e) {
    return new StorageException(
        "Cannot list %s: found %s, expected a readable folder (check the permissions)"
            .formatted(path, e),
        e);
  }
}
