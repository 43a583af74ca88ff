package io.shelfmark.storage.s3;

import io.shelfmark.storage.BlobContent;
import java.io.InputStream;

/** Content as a stream that never gives its last bytes when it is not as long as it said. */
final class BlockStream extends InputStream {

  private static final int BLOCK = 256 * 1024;

  private final ContentReader reader;
  private Block block = new Block(new byte[0], 0);
  private int position;

  BlockStream(BlobContent content) {
    this.reader = ContentReader.open(content);
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (position == block.length()) {
      if (reader.isAtEnd()) {
        return -1;
      }
      block = reader.read(BLOCK);
      position = 0;
    }
    int count = Math.min(length, block.length() - position);
    System.arraycopy(block.bytes(), position, buffer, offset, count);
    position += count;
    return count;
  }

  @Override
  public void close() {
    reader.close();
  }
}
