package io.shelfmark.inference.bulk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pictures below a folder one by one. What begins with a dot is not even looked at: there are
 * folders among it that nobody may list, or that hold snapshots of all the others. Folders and
 * files that have gone meanwhile are passed over. For one thread at a time; holds one open folder
 * for each level that it is down.
 */
final class PictureWalk implements Iterator<Path>, AutoCloseable {

  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif");

  /** A folder on the way down. */
  private record Level(DirectoryStream<Path> stream, Iterator<Path> entries) {}

  private final Path folder;
  private final BooleanSupplier stopped;
  private final Deque<Level> levels = new ArrayDeque<>();
  private @Nullable Path next;

  /** A walk through {@code folder}, which is no link; it ends as soon as it is stopped. */
  PictureWalk(Path folder, BooleanSupplier stopped) {
    this.folder = folder;
    this.stopped = stopped;
    try {
      enter(folder);
    } catch (IOException e) {
      throw FolderPhotos.unlistable(folder, e);
    }
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null && !levels.isEmpty() && !stopped.getAsBoolean()) {
        advance(levels.element());
      }
      return next != null;
    } catch (DirectoryIteratorException | UncheckedIOException e) {
      throw FolderPhotos.unlistable(folder, (IOException) e.getCause());
    } catch (IOException e) {
      throw FolderPhotos.unlistable(folder, e);
    }
  }

  @Override
  public Path next() {
    Path found = hasNext() ? next : null;
    if (found == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return found;
  }

  private void advance(Level level) throws IOException {
    if (!level.entries().hasNext()) {
      levels.remove().stream().close();
      return;
    }
    Path entry = level.entries().next();
    String name = entry.getFileName().toString();
    if (name.startsWith(".")) {
      return;
    }
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        enter(entry);
      } else if (isPicture(name)
          && (attributes.isRegularFile()
              || (attributes.isSymbolicLink() && Files.isRegularFile(entry)))) {
        next = entry;
      }
    } catch (NoSuchFileException e) {
      // gone
    }
  }

  @SuppressWarnings("StreamResourceLeak") // closed on the way up, or by close()
  private void enter(Path entered) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(entered);
    levels.push(new Level(stream, stream.iterator()));
  }

  private static boolean isPicture(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  @Override
  public void close() {
    try {
      while (!levels.isEmpty()) {
        levels.remove().stream().close();
      }
    } catch (IOException e) {
      throw FolderPhotos.unlistable(folder, e);
    }
  }
}
