package io.shelfmark.inference.bulk;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The complete lines of a stream one by one, each with its place: what follows the last line feed
 * is no line. Memory is the longest line's. Not thread-safe; its stream stays the caller's.
 */
final class LineScanner {

  /** Far above any photo's line: 256 tags are about 100 kB. */
  static final int LONGEST = 64 << 20;

  private final InputStream in;
  private byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private int start;
  private int end;
  private long place;
  private long offset;
  private long number;

  LineScanner(InputStream in) {
    this.in = in;
  }

  /** Goes to the next line; false after the last one. */
  boolean next() throws IOException {
    int searched = from;
    while (true) {
      for (int i = searched; i < to; i++) {
        if (buffer[i] == '\n') {
          start = from;
          end = i;
          from = i + 1;
          place = offset;
          offset += length();
          number++;
          return true;
        }
      }
      searched = to;
      if (from > 0) {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        searched -= from;
        to -= from;
        from = 0;
      }
      if (to == buffer.length) {
        if (to >= LONGEST) {
          throw new IOException("a line of more than " + LONGEST + " bytes");
        }
        buffer = Arrays.copyOf(buffer, 2 * to);
      }
      int count = in.read(buffer, to, buffer.length - to);
      if (count < 0) {
        return false;
      }
      to += count;
    }
  }

  /**
   * After the last line, whether what follows it may be a line that a process was killed over, or
   * that a machine lost: nothing, a part of one that begins so, or zeros.
   *
   * @param beginning of every line that may be there
   */
  boolean isTorn(byte[] beginning) {
    int length = Math.min(to - from, beginning.length);
    if (Arrays.equals(buffer, from, from + length, beginning, 0, length)) {
      return true;
    }
    int i = from;
    while (i < to && buffer[i] == 0) {
      i++;
    }
    return i == to;
  }

  /** What holds the line, from {@link #start} to {@link #end}; the next one overwrites it. */
  byte[] bytes() {
    return buffer;
  }

  /** Index of the line's first byte. */
  int start() {
    return start;
  }

  /** Index of its line feed. */
  int end() {
    return end;
  }

  /** Its bytes, the line feed among them. */
  int length() {
    return end - start + 1;
  }

  /** Where in the stream it begins. */
  long place() {
    return place;
  }

  /** Its number, from 1. */
  long number() {
    return number;
  }

  /** Where the next line begins: after the last one, how many bytes are complete lines. */
  long offset() {
    return offset;
  }
}
