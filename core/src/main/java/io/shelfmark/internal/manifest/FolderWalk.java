package io.shelfmark.internal.manifest;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files below a folder in the order of their paths; in memory are the names of one folder for
 * each level. A symbolic link to a file within the folder is that file; any other link is refused,
 * and so is what is neither file nor folder. Empty folders are passed over. Not thread-safe.
 */
final class FolderWalk implements Iterator<SourceFile> {

  private record Name(String name, boolean folder) {
    /** The paths in a folder go on with a slash, and are ordered with it. */
    String ordered() {
      return folder ? name + "/" : name;
    }
  }

  private record Level(Path folder, String prefix, Iterator<Name> names) {}

  private final Path root;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final String prefix;
  private final StatCache cache;
  private @Nullable SourceFile ahead;

  /**
   * Walks a folder.
   *
   * @param prefix what the paths begin with: nothing, or a path and a slash
   * @param cache of the folder, which stays the caller's
   */
  FolderWalk(Path folder, String prefix, StatCache cache) {
    this.prefix = prefix;
    this.cache = cache;
    try {
      root = folder.toRealPath();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    enter(root, prefix);
  }

  @Override
  public boolean hasNext() {
    while (ahead == null && !levels.isEmpty()) {
      Level level = levels.element();
      if (!level.names().hasNext()) {
        levels.pop();
        continue;
      }
      Name name = level.names().next();
      Path path = level.folder().resolve(name.name());
      if (name.folder()) {
        enter(path, level.prefix() + name.name() + "/");
      } else {
        ahead = source(level.prefix() + name.name(), path);
      }
    }
    return ahead != null;
  }

  private SourceFile source(String path, Path file) {
    String inFolder = path.substring(prefix.length());
    SourceFile.Known known = new SourceFile.Known(cache, inFolder, cache.find(inFolder));
    return new SourceFile(path, file, Optional.of(known));
  }

  @Override
  public SourceFile next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException();
    }
    SourceFile next = ahead;
    ahead = null;
    return next;
  }

  private void enter(Path folder, String prefix) {
    List<Name> names = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      for (Path path : paths) {
        names.add(new Name(String.valueOf(path.getFileName()), isFolder(path)));
      }
    } catch (DirectoryIteratorException e) {
      throw unreadable(folder, new IOException(e));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    names.sort(Comparator.comparing(Name::ordered, FilePaths.ORDER));
    levels.push(new Level(folder, prefix, names.iterator()));
  }

  private boolean isFolder(Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      requireFileInside(path);
      return false;
    }
    if (!attributes.isDirectory() && !attributes.isRegularFile()) {
      throw refused(path, "neither file nor folder", "files and folders");
    }
    return attributes.isDirectory();
  }

  private void requireFileInside(Path link) {
    Path target;
    try {
      target = link.toRealPath();
    } catch (IOException e) {
      throw refused(link, "a symbolic link to nothing", "links to files within " + root);
    }
    if (!target.startsWith(root)) {
      throw refused(link, "a symbolic link out of the folder", "links to files within " + root);
    }
    if (!Files.isRegularFile(target)) {
      throw refused(link, "a symbolic link to a folder", "links to files within " + root);
    }
  }

  private static StorageException refused(Path path, String found, String expected) {
    return new StorageException(
        "Cannot add %s: found %s, expected %s (leave it out, or put a copy in its place)"
            .formatted(path, found, expected));
  }

  private static StorageException unreadable(Path folder, IOException e) {
    return new StorageException(
        "Cannot add folder %s: found %s, expected readable names (check path and permissions)"
            .formatted(folder, e),
        e);
  }
}
