package io.shelfmark.inference.bulk;

import io.shelfmark.inference.ShelfPhoto;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A photo that is to be read among many: what it is called, what tells one state of its content
 * from another, and the way to its bytes, which is gone only shortly before it is recognized.
 *
 * <p>Immutable; as thread-safe as {@code content}, which is asked by one thread at a time for this
 * photo, but by several for several photos.
 *
 * @param name what results call it: unique within a run, and the same in the run that goes on
 * @param bytes size of its content in bytes
 * @param modified when its content last changed
 * @param content opens the photo; what it throws fails this photo alone
 */
public record BulkPhoto(String name, long bytes, Instant modified, Supplier<ShelfPhoto> content) {

  /** Refuses null, an empty name and a negative size. */
  public BulkPhoto {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(modified, "modified");
    Objects.requireNonNull(content, "content");
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot take photo: found no name, expected one that no other photo has");
    }
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "Cannot take photo %s: found %d bytes, expected 0 or more".formatted(name, bytes));
    }
  }

  /**
   * The pictures of a folder at any depth, by their extension: jpg, jpeg, png, webp, bmp, tif,
   * tiff, gif. Files and folders that begin with a dot are left out, links to folders not followed.
   * Each is called by its path below the folder, with {@code /} between the parts on every system;
   * bytes of a path that are no UTF-8 are written as {@code %FF} and so on.
   *
   * @return in the order in which the file system lists them, found while the stream is read; the
   *     caller closes it. It throws {@link ResultsException} when a folder cannot be listed.
   * @throws ResultsException when {@code folder} is not there or is no folder
   */
  public static Stream<BulkPhoto> inFolder(Path folder) {
    return FolderPhotos.find(folder, () -> false);
  }
}
