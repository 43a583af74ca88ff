package io.shelfmark.internal.storage;

import java.io.IOException;
import java.io.InputStream;

/** A stream over another one that reads blocks, goes forward only, and is closed with it. */
public abstract class ForwardStream extends InputStream {

  /** What it reads from. */
  protected final InputStream in;

  /** A stream over another one. */
  protected ForwardStream(InputStream in) {
    this.in = in;
  }

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public abstract int read(byte[] buffer, int offset, int length) throws IOException;

  @Override
  public final void close() throws IOException {
    in.close();
  }
}
