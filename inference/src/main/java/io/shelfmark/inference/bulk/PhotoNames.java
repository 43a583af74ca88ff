package io.shelfmark.inference.bulk;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What the photos of a folder are called: their paths below it. */
final class PhotoNames {

  /**
   * What Java puts in place of each byte of a path that the locale cannot spell. Under the locale
   * C, which containers have, that is every letter that is no ASCII: names would be alike.
   */
  private static final char UNKNOWN = '\uFFFD';

  private PhotoNames() {}

  /** The path of {@code file} below {@code folder}, with {@code /} on every system. */
  static String name(Path folder, Path file) {
    String below = folder.relativize(file).toString();
    String raw = below.indexOf(UNKNOWN) < 0 ? null : file.toUri().getRawPath();
    if (raw != null) {
      // the one place where a path shows its bytes
      String start = folder.toUri().getRawPath();
      return text(bytes(raw.substring(start.endsWith("/") ? start.length() : start.length() + 1)));
    }
    String separator = folder.getFileSystem().getSeparator();
    return separator.equals("/") ? below : below.replace(separator, "/");
  }

  private static ByteBuffer bytes(String escaped) {
    ByteBuffer bytes = ByteBuffer.allocate(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c == '%') {
        bytes.put((byte) Integer.parseInt(escaped, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.put((byte) c);
      }
    }
    return bytes.flip();
  }

  /** As UTF-8; bytes that are none stay escaped. */
  private static String text(ByteBuffer bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(3 * bytes.remaining());
    CoderResult result = decoder.decode(bytes, text, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        text.put("%%%02X".formatted(bytes.get()));
      }
      result = decoder.decode(bytes, text, true);
    }
    return text.flip().toString();
  }
}
