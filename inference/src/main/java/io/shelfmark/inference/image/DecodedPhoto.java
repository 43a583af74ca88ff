package io.shelfmark.inference.image;

import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/**
 * A photo in native memory, from which models' inputs and pictures of tags are cut. Got from {@link
 * PhotoDecoder#decode}.
 *
 * <p>All coordinates are pixels of the upright photo at full size, even when it was decoded smaller
 * or is stored lying on its side: pixels are never turned, the geometry is. Crops read outside the
 * photo as gray 114; an outline or quad without an area, or with coordinates that are not numbers,
 * gives gray 114 all over.
 *
 * <p>One thread at a time. The photo owns its memory, the file's size and what {@link PixelFormat}
 * says for each decoded pixel, until it is closed, which hands it back to the decoder; closing
 * twice is harmless, any other use after it throws {@link IllegalStateException}.
 */
public final class DecodedPhoto implements AutoCloseable {

  /** Longest side of a {@linkplain #crop crop}; larger tags are shrunk. */
  public static final int MAX_CROP_SIDE = 2048;

  private final PhotoDecoder decoder;
  private final ImageHeader header;
  private final Orientation orientation;
  private final PixelFormat format;
  private final int reduction;
  private final int decodedWidth;
  private final int decodedHeight;
  private @Nullable PhotoBuffers buffers;
  private @Nullable GrayPyramid pyramid;

  DecodedPhoto(
      PhotoDecoder decoder,
      ImageHeader header,
      PixelFormat format,
      int reduction,
      PhotoBuffers buffers) {
    this.decoder = decoder;
    this.header = header;
    this.orientation = Orientation.ofExif(header.orientation());
    this.format = format;
    this.reduction = reduction;
    this.decodedWidth = reduced(header.width(), reduction);
    this.decodedHeight = reduced(header.height(), reduction);
    this.buffers = buffers;
  }

  static int reduced(int side, int reduction) {
    return (int) (((long) side + reduction - 1) / reduction);
  }

  /** What the file said of itself. */
  public ImageHeader header() {
    return header;
  }

  /** Width of the upright photo at full size, in pixels. */
  public int width() {
    return header.uprightWidth();
  }

  /** Height of the upright photo at full size, in pixels. */
  public int height() {
    return header.uprightHeight();
  }

  /** How many photo pixels a decoded pixel is wide: 1, 2, 4 or 8. */
  public int reduction() {
    return reduction;
  }

  /**
   * Writes the whole photo into the top left of a model's input: planes of floats 0..255, scaled to
   * fit, the rest 114.
   *
   * @param target direct, in native byte order; its first {@code planes * width * height} floats
   *     are written, its position is neither used nor moved
   * @param input what the model looks at; red, green and blue are all the same when the photo was
   *     decoded in gray
   * @return input pixels per photo pixel
   * @throws IllegalArgumentException when the buffer is not direct, has another byte order or is
   *     too small
   */
  public double letterbox(FloatBuffer target, PixelFormat input, int width, int height) {
    PhotoBuffers open = open();
    requireRoom(target, (long) input.planes() * width * height);
    double scale = Math.min((double) width / width(), (double) height / height());
    int contentWidth = (int) Math.min(Math.max(Math.round(width() * scale), 1), width);
    int contentHeight = (int) Math.min(Math.max(Math.round(height() * scale), 1), height);
    FloatBuffer whole = target.position() == 0 ? target : target.duplicate().rewind();
    Mat picture =
        input == PixelFormat.COLOR && format == PixelFormat.COLOR
            ? color(open)
            : pyramid()
                .noSmallerThan(
                    orientation.transposes() ? contentHeight : contentWidth,
                    orientation.transposes() ? contentWidth : contentHeight);
    Letterbox.write(
        open,
        picture,
        orientation,
        whole,
        input.planes(),
        contentWidth,
        contentHeight,
        width,
        height);
    return scale;
  }

  /**
   * Writes the tag with {@code outline} in gray as {@link TagCanvas} lays it out: 192 rows of 320
   * floats 0..255.
   *
   * @param target in native byte order; written from index {@code offset} on
   * @throws IndexOutOfBoundsException when the buffer ends before the canvas does
   */
  public void rectify(Outline outline, FloatBuffer target, int offset) {
    double[] quad = open().quad;
    Quads.set(quad, outline);
    rectify(quad, target, offset);
  }

  /** The same of an outline as x and y of its corners from the top left one clockwise. */
  public void rectify(double[] quad, FloatBuffer target, int offset) {
    PhotoBuffers open = open();
    double scale =
        Math.sqrt(
            Quads.along(quad)
                / (TagCanvas.RIGHT - TagCanvas.LEFT)
                * (Quads.across(quad) / (TagCanvas.BOTTOM - TagCanvas.TOP)));
    solve(open, quad, TagCanvas.LEFT, TagCanvas.TOP, TagCanvas.RIGHT, TagCanvas.BOTTOM);
    Warp.Plane plane = toLevel(open, scale);
    open.warp.toFloats(
        plane, open.matrix, target, offset, TagCanvas.WIDTH, TagCanvas.WIDTH, TagCanvas.HEIGHT);
  }

  /**
   * Writes a line of text in gray: 32 rows of {@code paddedWidth} floats 0..255, the line in the
   * first {@code lineWidth} columns, the rest 114.
   *
   * @param quad the line's corners in the photo, as {@link TagCanvas#line} makes them
   * @param target written from index {@code offset} on
   * @param lineWidth as {@link TagCanvas#lineWidth} tells
   * @throws IndexOutOfBoundsException when the buffer ends before the line does
   */
  public void warpLine(
      double[] quad, FloatBuffer target, int offset, int lineWidth, int paddedWidth) {
    PhotoBuffers open = open();
    if (lineWidth < 1 || lineWidth > paddedWidth || paddedWidth > Warp.MAX_WIDTH) {
      throw new IllegalArgumentException(
          "Cannot warp line: found width %d padded to %d, expected 1 <= width <= padded <= %d"
              .formatted(lineWidth, paddedWidth, Warp.MAX_WIDTH));
    }
    double scale =
        Math.sqrt(Quads.along(quad) / lineWidth * (Quads.across(quad) / TagCanvas.LINE_HEIGHT));
    solve(open, quad, 0, 0, lineWidth, TagCanvas.LINE_HEIGHT);
    Warp.Plane plane = toLevel(open, scale);
    open.warp.toFloats(
        plane, open.matrix, target, offset, paddedWidth, lineWidth, TagCanvas.LINE_HEIGHT);
    if (lineWidth < paddedWidth) {
      open.warp.pad(
          target, offset + lineWidth, paddedWidth, paddedWidth - lineWidth, TagCanvas.LINE_HEIGHT);
    }
  }

  /**
   * The tag with {@code outline}, turned upright and freed of perspective, as large as it is in the
   * photo (at most 2048 pixels a side); in gray when the photo was decoded so.
   */
  public BufferedImage crop(Outline outline) {
    PhotoBuffers open = open();
    Quads.set(open.quad, outline);
    int[] size = cropSize(open.quad, MAX_CROP_SIDE);
    boolean solved = solve(open, open.quad, 0, 0, size[0], size[1]);
    toDecoded(open.matrix, reduction);
    try (Mat source = open.target(format, decodedWidth, decodedHeight)) {
      return solved
          ? TagPicture.cut(source, open.matrix, size[0], size[1], open.scratch[0])
          : TagPicture.blank(source, size[0], size[1]);
    }
  }

  /**
   * The piece of the photo inside {@code outline} in gray, freed of perspective, as large as it is
   * in the photo. Its pixels are valid until the next such piece or until the photo is closed.
   *
   * @param maxSide longest side of the result in pixels, at most 4096; larger pieces are shrunk
   */
  public GrayCrop grayCrop(Outline outline, int maxSide) {
    PhotoBuffers open = open();
    if (maxSide < 1 || maxSide > Warp.MAX_WIDTH) {
      throw new IllegalArgumentException(
          "Cannot crop: found longest side %d, expected 1 to %d"
              .formatted(maxSide, Warp.MAX_WIDTH));
    }
    Quads.set(open.quad, outline);
    int[] size = cropSize(open.quad, maxSide);
    double scale =
        Math.sqrt(Quads.along(open.quad) / size[0] * (Quads.across(open.quad) / size[1]));
    solve(open, open.quad, 0, 0, size[0], size[1]);
    byte[] pixels = open.crop(size[0] * size[1]);
    open.warp.toBytes(toLevel(open, scale), open.matrix, pixels, size[0], size[1]);
    return new GrayCrop(size[0], size[1], pixels);
  }

  /**
   * The outline with its sides moved onto the edges that the photo shows near them; the outline
   * itself where it shows none. No corner moves by more than a quarter of the tag's size, the root
   * of its width times its height.
   */
  public Outline refined(Outline outline) {
    double[] quad = open().quad;
    Quads.set(quad, outline);
    return refine(quad)
        ? new Outline(
            new Point(quad[0], quad[1]),
            new Point(quad[2], quad[3]),
            new Point(quad[4], quad[5]),
            new Point(quad[6], quad[7]))
        : outline;
  }

  /**
   * The same in place, of an outline as x and y of its corners from the top left one clockwise.
   *
   * @return whether a side moved
   */
  public boolean refine(double[] quad) {
    return open().refiner.refine(this, quad);
  }

  /**
   * Fills {@code width * height} bytes with gray through {@code matrix}, which is left as it is.
   *
   * @param scale photo pixels per pixel of the target
   */
  void sample(double[] matrix, double scale, byte[] target, int width, int height) {
    PhotoBuffers open = open();
    System.arraycopy(matrix, 0, open.matrix, 0, 9);
    open.warp.toBytes(toLevel(open, scale), open.matrix, target, width, height);
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    PhotoBuffers open = buffers;
    buffers = null;
    pyramid = null;
    if (open != null) {
      decoder.release(open);
    }
  }

  private PhotoBuffers open() {
    PhotoBuffers open = buffers;
    if (open == null) {
      throw new IllegalStateException("Cannot use photo: found it closed, expected it open");
    }
    return open;
  }

  private Mat color(PhotoBuffers open) {
    return open.target(PixelFormat.COLOR, decodedWidth, decodedHeight);
  }

  /** Builds the pyramid when it is first asked for. */
  GrayPyramid pyramid() {
    PhotoBuffers open = open();
    GrayPyramid current = pyramid;
    if (current == null) {
      current = open.pyramid(decodedWidth, decodedHeight);
      if (format == PixelFormat.COLOR) {
        try (Mat color = color(open)) {
          open.makeGray(color);
        }
      }
      current.shrink();
      pyramid = current;
    }
    return current;
  }

  /** Leaves a matrix of which every point is nowhere when the quad has no area. */
  private static boolean solve(
      PhotoBuffers open, double[] quad, double left, double top, double right, double bottom) {
    boolean solved = Quads.solve(quad, left, top, right, bottom, open.matrix);
    if (!solved) {
      Arrays.fill(open.matrix, Double.NaN);
    }
    return solved;
  }

  /**
   * Turns the matrix from upright photo coordinates into pixel indices of the level that suits
   * {@code scale}, photo pixels per crop pixel.
   */
  private Warp.Plane toLevel(PhotoBuffers open, double scale) {
    GrayPyramid gray = pyramid();
    int level = gray.levelFor(scale / reduction);
    toDecoded(open.matrix, (double) reduction * (1 << level));
    return gray.level(level);
  }

  /** Pixel centers lie at +0.5 on both sides, indices do not. */
  private void toDecoded(double[] m, double unit) {
    orientation.toStored(m, header.width(), header.height());
    for (int row = 0; row < 9; row += 3) {
      m[row + 2] += (m[row] + m[row + 1]) / 2;
    }
    for (int i = 0; i < 3; i++) {
      m[i] = m[i] / unit - m[6 + i] / 2;
      m[3 + i] = m[3 + i] / unit - m[6 + i] / 2;
    }
  }

  private static int[] cropSize(double[] quad, int maxSide) {
    double width = Quads.along(quad);
    double height = Quads.across(quad);
    double scale = Math.min(1, maxSide / Math.max(width, height));
    return new int[] {side(width * scale, maxSide), side(height * scale, maxSide)};
  }

  private static int side(double length, int maxSide) {
    return (int) Math.min(Math.max(Math.round(length), 1), maxSide);
  }

  private static void requireRoom(FloatBuffer target, long count) {
    if (!target.isDirect()
        || target.order() != ByteOrder.nativeOrder()
        || count > target.capacity()) {
      throw new IllegalArgumentException(
          "Cannot write to buffer: found %s of %d floats in order %s, expected a direct one of %d in native order"
              .formatted(
                  target.isDirect() ? "a direct one" : "one on the heap",
                  target.capacity(),
                  target.order(),
                  count));
    }
  }
}
