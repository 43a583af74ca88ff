package io.shelfmark.inference.image;

import io.shelfmark.inference.UnreadablePhotoException;
import java.nio.charset.StandardCharsets;

/** Bounds-checked big- and little-endian reads over a photo's bytes. */
final class HeaderBytes {

  private final String name;
  private final byte[] bytes;

  HeaderBytes(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  int length() {
    return bytes.length;
  }

  byte[] array() {
    return bytes;
  }

  int u8(long at) {
    require(at, 1);
    return bytes[(int) at] & 0xff;
  }

  int u16(long at, boolean little) {
    return little ? u8(at) | u8(at + 1) << 8 : u8(at) << 8 | u8(at + 1);
  }

  long u32(long at, boolean little) {
    return little
        ? u16(at, true) | (long) u16(at + 2, true) << 16
        : (long) u16(at, false) << 16 | u16(at + 2, false);
  }

  int u24Little(long at) {
    return u16(at, true) | u8(at + 2) << 16;
  }

  /** Whether the ASCII text {@code tag} stands at {@code at}; false past the end. */
  boolean has(long at, String tag) {
    byte[] wanted = tag.getBytes(StandardCharsets.ISO_8859_1);
    if (at < 0 || at + wanted.length > bytes.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (bytes[(int) at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code count} bytes are there from {@code at} on. */
  boolean holds(long at, long count) {
    return at >= 0 && count >= 0 && at + count <= bytes.length;
  }

  private void require(long at, long count) {
    if (!holds(at, count)) {
      throw truncated("byte " + (at + count));
    }
  }

  /** The file ends before {@code wanted}. */
  UnreadablePhotoException truncated(String wanted) {
    return unreadable(
        "its end after " + bytes.length + " bytes",
        wanted,
        "the file is cut short: copy or upload it again");
  }

  UnreadablePhotoException unreadable(String found, String expected, String cure) {
    return new UnreadablePhotoException(
        "Cannot read photo %s: found %s, expected %s (%s)".formatted(name, found, expected, cure));
  }
}
