package io.shelfmark.inference;

import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The encoded bytes of one photo (JPEG, PNG, WebP, BMP, TIFF or GIF) and what it is called. Nothing
 * is decoded until it is recognized, so a queue of photos costs no more than their files. Immutable
 * and thread-safe; nothing to close.
 */
public final class ShelfPhoto {

  /** One gigabyte: far above any photo, and still an array. */
  private static final long LARGEST_FILE = 1 << 30;

  private final String name;
  private final byte[] bytes;

  private ShelfPhoto(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /**
   * The photo in {@code file}.
   *
   * @throws UnreadablePhotoException when the file cannot be read
   */
  public static ShelfPhoto read(Path file) {
    Objects.requireNonNull(file, "file");
    try {
      long size = Files.size(file);
      if (size > LARGEST_FILE) {
        throw new UnreadablePhotoException(
            "Cannot read photo %s: found %d bytes, expected at most %d (check the path)"
                .formatted(file, size, LARGEST_FILE));
      }
      return new ShelfPhoto(file.toString(), Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new UnreadablePhotoException(
          "Cannot read photo %s: found no such file, expected a picture (check the path)"
              .formatted(file),
          e);
    } catch (IOException e) {
      throw new UnreadablePhotoException(
          "Cannot read photo %s: found %s, expected a readable file (check the path)"
              .formatted(file, Files.isDirectory(file) ? "a folder" : e.getMessage()),
          e);
    }
  }

  /**
   * A photo from memory; the bytes are copied. {@code name} is what messages and readings call it.
   */
  public static ShelfPhoto of(String name, byte[] bytes) {
    return new ShelfPhoto(Objects.requireNonNull(name, "name"), bytes.clone());
  }

  /** What messages and readings call this photo. */
  public String name() {
    return name;
  }

  /**
   * The picture of one tag, turned upright and freed of perspective, at the resolution of the
   * photo.
   *
   * @throws UnreadablePhotoException when the photo cannot be decoded
   */
  public BufferedImage crop(PriceTag tag) {
    try (DecodedPhoto photo = PhotoDecoder.standard().decode(name, bytes)) {
      return photo.crop(tag.detection().outline());
    }
  }

  byte[] bytes() {
    return bytes;
  }

  /** The photo's name. */
  @Override
  public String toString() {
    return name;
  }
}
