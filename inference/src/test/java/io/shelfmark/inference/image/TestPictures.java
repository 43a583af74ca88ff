package io.shelfmark.inference.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;

/** Pictures in many formats, made in memory. */
public final class TestPictures {

  static final Color TOP_LEFT = new Color(220, 30, 30);
  static final Color TOP_RIGHT = new Color(30, 200, 40);
  static final Color BOTTOM_RIGHT = new Color(240, 240, 240);
  static final Color BOTTOM_LEFT = new Color(40, 50, 210);

  private TestPictures() {}

  /** Four quarters in four colors: every turn and mirroring shows. */
  public static BufferedImage quarters(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    Graphics2D g = image.createGraphics();
    int x = width / 2;
    int y = height / 2;
    fill(g, TOP_LEFT, 0, 0, x, y);
    fill(g, TOP_RIGHT, x, 0, width - x, y);
    fill(g, BOTTOM_RIGHT, x, y, width - x, height - y);
    fill(g, BOTTOM_LEFT, 0, y, x, height - y);
    g.dispose();
    return image;
  }

  public static BufferedImage quarters(int width, int height) {
    return quarters(width, height, BufferedImage.TYPE_3BYTE_BGR);
  }

  private static void fill(Graphics2D g, Color color, int x, int y, int width, int height) {
    g.setColor(color);
    g.fillRect(x, y, width, height);
  }

  public static byte[] encode(BufferedImage image, String format) {
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no writer for " + format);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] jpeg(int width, int height) {
    return encode(quarters(width, height), "jpg");
  }

  public static byte[] png(int width, int height) {
    return encode(quarters(width, height), "png");
  }

  public static byte[] webp(int width, int height) {
    return webp(quarters(width, height));
  }

  /** A WebP that keeps every pixel, as OpenCV writes it unless told a quality. */
  public static byte[] webp(BufferedImage image) {
    ImageNatives.ensureLoaded();
    try (Mat mat = mat(image);
        BytePointer out = new BytePointer()) {
      opencv_imgcodecs.imencode(".webp", mat, out);
      byte[] bytes = new byte[(int) out.limit()];
      out.get(bytes);
      return bytes;
    }
  }

  /** A PNG of 16 bits a channel whose upper eight are those of {@code image}. */
  public static byte[] pngOf16Bits(BufferedImage image) {
    int[] order = {0, 1, 2};
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    int width = image.getWidth();
    WritableRaster raster =
        Raster.createInterleavedRaster(
            DataBuffer.TYPE_USHORT, width, image.getHeight(), 3 * width, 3, order, null);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < width; x++) {
        Color color = new Color(image.getRGB(x, y));
        int[] levels = {257 * color.getRed(), 257 * color.getGreen(), 257 * color.getBlue()};
        raster.setPixel(x, y, levels);
      }
    }
    return encode(new BufferedImage(model, raster, false, null), "png");
  }

  /** Four ink channels as Photoshop stores them: inverted, with an Adobe marker that says so. */
  public static byte[] cmykJpeg(
      int width, int height, int cyan, int magenta, int yellow, int black) {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, null);
    int[] ink = {255 - cyan, 255 - magenta, 255 - yellow, 255 - black};
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        raster.setPixel(x, y, ink);
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(raster, null, null), null);
      stream.flush();
      byte[] adobe = {
        (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
      };
      return insert(out.toByteArray(), 2, adobe);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
  }

  public static byte[] animatedGif(List<BufferedImage> frames) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
      for (BufferedImage frame : frames) {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(frame), null);
        String format = metadata.getNativeMetadataFormatName();
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);
        IIOMetadataNode control =
            (IIOMetadataNode) root.getElementsByTagName("GraphicControlExtension").item(0);
        control.setAttribute("delayTime", "10");
        metadata.setFromTree(format, root);
        writer.writeToSequence(new IIOImage(frame, null, metadata), null);
      }
      writer.endWriteSequence();
      stream.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
  }

  /** An animated PNG of two frames: the picture itself and a second one. */
  public static byte[] animatedPng(BufferedImage first, BufferedImage second) {
    byte[] a = encode(first, "png");
    byte[] b = encode(second, "png");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int afterHeader = 8 + 25;
    out.write(a, 0, afterHeader);
    out.writeBytes(chunk("acTL", ints(2, 0)));
    out.writeBytes(chunk("fcTL", frameControl(0, first)));
    int data = indexOf(a, "IDAT") - 4;
    out.write(a, data, indexOf(a, "IEND") - 4 - data); // a large picture has several
    out.writeBytes(chunk("fcTL", frameControl(1, second)));
    int other = indexOf(b, "IDAT") - 4;
    int otherLength = ByteBuffer.wrap(b).getInt(other);
    ByteBuffer frame = ByteBuffer.allocate(4 + otherLength);
    frame.putInt(2).put(b, other + 8, otherLength);
    out.writeBytes(chunk("fdAT", frame.array()));
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  private static byte[] frameControl(int sequence, BufferedImage frame) {
    return ByteBuffer.allocate(26)
        .putInt(sequence)
        .putInt(frame.getWidth())
        .putInt(frame.getHeight())
        .putInt(0)
        .putInt(0)
        .putShort((short) 1)
        .putShort((short) 10)
        .array();
  }

  /** EXIF as cameras write it, little- or big-endian. */
  public static byte[] exif(int orientation, ByteOrder order) {
    ByteBuffer block = ByteBuffer.allocate(8 + 2 + 12 + 4).order(order);
    block.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.US_ASCII));
    block.putShort((short) 42).putInt(8).putShort((short) 1);
    block.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    block.putShort((short) orientation).putShort((short) 0).putInt(0);
    return block.array();
  }

  public static byte[] jpegWithExif(byte[] jpeg, byte[] exif) {
    ByteBuffer segment = ByteBuffer.allocate(10 + exif.length);
    segment.putShort((short) 0xffe1).putShort((short) (8 + exif.length));
    segment.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif);
    return insert(jpeg, 2, segment.array());
  }

  public static byte[] pngWithExif(byte[] png, byte[] exif) {
    return insert(png, 8 + 25, chunk("eXIf", exif));
  }

  /** Wraps a simple WebP into the extended format. */
  public static byte[] webpWithExif(byte[] webp, int width, int height, byte[] exif) {
    int padded = exif.length + (exif.length & 1);
    ByteBuffer out =
        ByteBuffer.allocate(webp.length + 18 + 8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(out.capacity() - 8);
    out.put("WEBPVP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(0x08);
    out.put(u24(width - 1)).put(u24(height - 1));
    out.put(webp, 12, webp.length - 12);
    out.put("EXIF".getBytes(StandardCharsets.US_ASCII)).putInt(exif.length).put(exif);
    return out.array();
  }

  private static byte[] u24(int value) {
    return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16)};
  }

  /** A PNG whose header states any size; the data is one compressed zero. */
  public static byte[] pngOfSize(int width, int height) {
    byte[] png = png(1, 1);
    ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    return png;
  }

  /** A JPEG whose frame states any size. */
  public static byte[] jpegOfSize(byte[] jpeg, int width, int height) {
    byte[] copy = jpeg.clone();
    for (int i = 2; i < copy.length; i++) {
      if (copy[i] == (byte) 0xff && (copy[i + 1] == (byte) 0xc0 || copy[i + 1] == (byte) 0xc2)) {
        ByteBuffer.wrap(copy).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
        return copy;
      }
    }
    throw new IllegalArgumentException("no frame");
  }

  public static byte[] chunk(String type, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length);
    chunk.putInt(data.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + data.length);
    return chunk.putInt((int) crc.getValue()).array();
  }

  private static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    Arrays.stream(values).forEach(bytes::putInt);
    return bytes.array();
  }

  public static byte[] insert(byte[] bytes, int at, byte[] extra) {
    byte[] result = new byte[bytes.length + extra.length];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(extra, 0, result, at, extra.length);
    System.arraycopy(bytes, at, result, at + extra.length, bytes.length - at);
    return result;
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  /** A WebP of two frames. */
  public static byte[] animatedWebp(BufferedImage first, BufferedImage second) {
    ImageNatives.ensureLoaded();
    try (Mat a = mat(first);
        Mat b = mat(second);
        MatVector frames = new MatVector(a, b);
        IntPointer durations = new IntPointer(100, 100);
        opencv_imgcodecs.Animation animation = new opencv_imgcodecs.Animation();
        BytePointer out = new BytePointer()) {
      animation.frames(frames);
      animation.durations(durations);
      opencv_imgcodecs.imencodeanimation(".webp", animation, out);
      byte[] bytes = new byte[(int) out.limit()];
      out.get(bytes);
      return bytes;
    }
  }

  /** A single pixel of gray with alpha, 16 bits each. */
  public static byte[] pngOf16BitGrayAlpha(int gray, int alpha) {
    ByteBuffer header = ByteBuffer.allocate(13).putInt(1).putInt(1);
    header.put((byte) 16).put((byte) 4);
    ByteBuffer row =
        ByteBuffer.allocate(5).put((byte) 0).putShort((short) gray).putShort((short) alpha);
    Deflater deflater = new Deflater();
    deflater.setInput(row.array());
    deflater.finish();
    byte[] packed = new byte[64];
    int length = deflater.deflate(packed);
    deflater.end();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(png(1, 1), 0, 8);
    out.writeBytes(chunk("IHDR", header.array()));
    out.writeBytes(chunk("IDAT", Arrays.copyOf(packed, length)));
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  /** An uncompressed RGB TIFF in one strip. */
  public static byte[] tiffWithOrientation(BufferedImage image, int orientation) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[][] entries = {
      {256, 3, 1, width},
      {257, 3, 1, height},
      {258, 3, 3, 8},
      {259, 3, 1, 1},
      {262, 3, 1, 2},
      {273, 4, 1, 14},
      {274, 3, 1, orientation},
      {277, 3, 1, 3},
      {278, 3, 1, height},
      {279, 4, 1, 3 * width * height}
    };
    int directory = 14 + 3 * width * height;
    ByteBuffer out =
        ByteBuffer.allocate(directory + 2 + 12 * entries.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    out.put("II".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(directory);
    out.putShort((short) 8).putShort((short) 8).putShort((short) 8);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        Color color = new Color(image.getRGB(x, y));
        out.put((byte) color.getRed()).put((byte) color.getGreen()).put((byte) color.getBlue());
      }
    }
    out.putShort((short) entries.length);
    for (int[] entry : entries) {
      out.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]).putInt(entry[3]);
    }
    return out.putInt(0).array();
  }

  private static Mat mat(BufferedImage image) {
    Mat mat = new Mat(image.getHeight(), image.getWidth(), opencv_core.CV_8UC3);
    ByteBuffer pixels = mat.createBuffer();
    pixels.put(((DataBufferByte) image.getRaster().getDataBuffer()).getData());
    return mat;
  }
}
