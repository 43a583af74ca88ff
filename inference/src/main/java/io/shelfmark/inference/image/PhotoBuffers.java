package io.shelfmark.inference.image;

/**
 * The native memory of one photo being read, and the scratch arrays that go with it. Handed from
 * photo to photo by {@link PhotoDecoder}; one owner at a time.
 */
final class PhotoBuffers implements AutoCloseable {

  /** The file's bytes. */
  final NativeBuffer encoded = new NativeBuffer();

  /** The decoded picture, BGR, rows without gaps. */
  final NativeBuffer pixels = new NativeBuffer();

  /** All levels of the gray pyramid, one behind the other. */
  final NativeBuffer gray = new NativeBuffer();

  /** Intermediate pictures on the way to a smaller one; a step reads one and writes the other. */
  final NativeBuffer[] scratch = {new NativeBuffer(), new NativeBuffer()};

  final Warp warp = new Warp();
  final OutlineRefiner refiner = new OutlineRefiner();
  final double[] matrix = new double[9];
  final double[] quad = new double[8];

  /** The last gray crop. */
  private byte[] crop = {};

  /** Memory for a gray crop of {@code size} pixels. */
  byte[] crop(int size) {
    if (crop.length < size) {
      crop = new byte[size];
    }
    return crop;
  }

  long bytes() {
    return encoded.capacity()
        + pixels.capacity()
        + gray.capacity()
        + scratch[0].capacity()
        + scratch[1].capacity();
  }

  @Override
  public void close() {
    encoded.close();
    pixels.close();
    gray.close();
    scratch[0].close();
    scratch[1].close();
  }
}
