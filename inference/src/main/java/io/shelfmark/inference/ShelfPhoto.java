package io.shelfmark.inference;

import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32C;

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
   * In which of {@code count} partitions of about equal size this photo falls: the same bytes
   * always in the same one, on every machine, whatever the photo is called. Looks at the length and
   * 16 kB at most, so that it takes microseconds.
   *
   * @return 0 to {@code count - 1}
   */
  public int partition(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "Cannot partition photos: found %d partitions, expected 1 or more".formatted(count));
    }
    // the middle of a photo is compressed pixels; headers are alike within one camera's photos
    int looked = Math.min(bytes.length, 16 * 1024);
    CRC32C sum = new CRC32C();
    sum.update(bytes, (bytes.length - looked) / 2, looked);
    // the last mixing of SplittableRandom: spreads the sum's 32 bits and the length over all bits
    long mixed = sum.getValue() ^ ((long) bytes.length << 32);
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return (int) Long.remainderUnsigned(mixed ^ (mixed >>> 31), count);
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
