package io.shelfmark.inference.bulk;

import io.shelfmark.inference.ShelfPhoto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Spliterators;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The pictures of a folder, found one by one: no list of them is ever in memory. */
final class FolderPhotos {

  private FolderPhotos() {}

  /** Them all, or those that are found before the search is stopped. */
  static Stream<BulkPhoto> find(Path folder, BooleanSupplier stopped) {
    Path real = real(folder);
    return paths(real, stopped).map(file -> photo(real, file)).filter(Objects::nonNull);
  }

  /** How many there are, as fast as the file system lists them; empty when that was stopped. */
  static OptionalLong count(Path folder, BooleanSupplier stopped) {
    try (Stream<Path> paths = paths(real(folder), stopped)) {
      long found = paths.count();
      return stopped.getAsBoolean() ? OptionalLong.empty() : OptionalLong.of(found);
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

  private static Stream<Path> paths(Path folder, BooleanSupplier stopped) {
    PictureWalk walk = new PictureWalk(folder, stopped);
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(walk, 0), false)
        .onClose(walk::close);
  }

  /** What is said when something on the way cannot be listed. */
  static ResultsException unlistable(Path folder, @Nullable IOException cause) {
    return new ResultsException(
        "Cannot list photos of %s: %s, expected folders that may be read (check their permissions)"
            .formatted(folder, cause),
        cause);
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
