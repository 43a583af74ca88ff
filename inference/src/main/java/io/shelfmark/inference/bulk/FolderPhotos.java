package io.shelfmark.inference.bulk;

import io.shelfmark.inference.ShelfPhoto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The pictures of a folder, found one by one: no list of them is ever in memory. */
final class FolderPhotos {

  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif");

  private FolderPhotos() {}

  static Stream<BulkPhoto> find(Path folder) {
    Path real = real(folder);
    return paths(real).map(file -> photo(real, file)).filter(Objects::nonNull);
  }

  /** How many there are, as fast as the file system lists them. */
  static long count(Path folder) {
    try (Stream<Path> paths = paths(real(folder))) {
      return paths.count();
    }
  }

  /** A walk does not follow the link that it begins at. */
  private static Path real(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ResultsException(
          "Cannot list photos of %s: found %s, expected a folder (check the path)"
              .formatted(folder, Files.exists(folder) ? "a file" : "nothing"));
    }
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw unlistable(folder, e);
    }
  }

  @SuppressWarnings("StreamResourceLeak") // whoever gets the stream closes it
  private static Stream<Path> paths(Path folder) {
    try {
      Stream<Path> found =
          Files.find(
              folder,
              Integer.MAX_VALUE,
              (path, attributes) -> isPicture(folder, path) && isFile(path, attributes));
      return reporting(folder, found);
    } catch (IOException e) {
      throw unlistable(folder, e);
    }
  }

  /** The same stream; what goes wrong on the way is told as the folder's failure. */
  private static Stream<Path> reporting(Path folder, Stream<Path> found) {
    Iterator<Path> paths = found.iterator();
    Iterator<Path> told =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            try {
              return paths.hasNext();
            } catch (UncheckedIOException e) {
              throw unlistable(folder, e.getCause());
            }
          }

          @Override
          public Path next() {
            return paths.next();
          }
        };
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(told, 0), false)
        .onClose(found::close);
  }

  private static ResultsException unlistable(Path folder, @Nullable IOException cause) {
    return new ResultsException(
        "Cannot list photos of %s: %s, expected folders that may be read (check their permissions)"
            .formatted(folder, cause),
        cause);
  }

  private static boolean isPicture(Path folder, Path path) {
    String name = path.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return EXTENSIONS.contains(extension) && !isHidden(folder.relativize(path));
  }

  private static boolean isHidden(Path below) {
    for (Path part : below) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isFile(Path path, BasicFileAttributes attributes) {
    return attributes.isRegularFile() || (attributes.isSymbolicLink() && Files.isRegularFile(path));
  }

  /** Null when the file has gone meanwhile. */
  private static @Nullable BulkPhoto photo(Path folder, Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new BulkPhoto(
          PhotoNames.name(folder, file),
          attributes.size(),
          attributes.lastModifiedTime().toInstant(),
          () -> ShelfPhoto.read(file));
    } catch (IOException e) {
      if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
        return null;
      }
      throw unlistable(folder, e);
    }
  }
}
