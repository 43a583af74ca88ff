package io.shelfmark.inference.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.UnreadablePhotoException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhotoDecoderTest {

  private static final PhotoDecoder DECODER = new PhotoDecoder(PhotoDecoder.DEFAULT_MAX_PIXELS, 1);

  @AfterAll
  static void close() {
    DECODER.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "bmp", "gif", "tiff"})
  void decode_eachFormat_givesItsColors(String extension) {
    assertQuarters(TestPictures.encode(TestPictures.quarters(60, 40), extension), 60, 40);
  }

  @Test
  void decode_webp_givesItsColors() {
    assertQuarters(TestPictures.webp(60, 40), 60, 40);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void decode_orientation_standsUprightInEveryFormat(int orientation) {
    // the picture as the camera stores it, so that turning it by its EXIF gives the quarters
    BufferedImage upright = TestPictures.quarters(60, 40);
    boolean swap = orientation >= 5;
    BufferedImage stored = new BufferedImage(swap ? 40 : 60, swap ? 60 : 40, upright.getType());
    for (int y = 0; y < 40; y++) {
      for (int x = 0; x < 60; x++) {
        int sx = List.of(x, 59 - x, 59 - x, x, y, y, 39 - y, 39 - y).get(orientation - 1);
        int sy = List.of(y, y, 39 - y, 39 - y, x, 59 - x, 59 - x, x).get(orientation - 1);
        stored.setRGB(sx, sy, upright.getRGB(x, y));
      }
    }
    byte[] exif = TestPictures.exif(orientation, ByteOrder.BIG_ENDIAN);

    assertQuarters(TestPictures.jpegWithExif(TestPictures.encode(stored, "jpg"), exif), 60, 40);
    assertQuarters(TestPictures.pngWithExif(TestPictures.encode(stored, "png"), exif), 60, 40);
    assertQuarters(TestPictures.tiffWithOrientation(stored, orientation), 60, 40);
  }

  @ParameterizedTest
  @CsvSource({"1, 641", "2, 321", "4, 161", "4, 100", "8, 81", "8, 1"})
  void decode_smallerTarget_reducesAndKeepsCoordinates(int reduction, int minLongSide) {
    byte[] jpeg =
        TestPictures.jpegWithExif(
            TestPictures.encode(turned(TestPictures.quarters(641, 427)), "jpg"),
            TestPictures.exif(6, ByteOrder.LITTLE_ENDIAN));

    for (PixelFormat format : PixelFormat.values()) {
      try (DecodedPhoto photo = DECODER.decode("shelf", jpeg, format, minLongSide)) {
        assertThat(photo.reduction()).isEqualTo(reduction);
        assertQuarters(photo, format, 641, 427);
      }
    }
  }

  @Test
  void decode_smallerTargetOfPng_comesAtFullSize() {
    try (DecodedPhoto photo =
        DECODER.decode("shelf", TestPictures.png(64, 64), PixelFormat.COLOR, 8)) {
      assertThat(photo.reduction()).isEqualTo(1);
    }
  }

  @Test
  void decode_onePixel_isReadable() {
    try (DecodedPhoto photo = DECODER.decode("dot", TestPictures.png(1, 1))) {
      float[] input = letterbox(photo, 32, 32);

      assertThat(photo.width()).isEqualTo(1);
      assertThat(input[0]).isEqualTo(TestPictures.BOTTOM_RIGHT.getRed());
      photo.rectify(Outline.of(new Box(0, 0, 1, 1)), floats(320 * 192), 0);
    }
  }

  @Test
  void decode_oneRow_isReadable() {
    try (DecodedPhoto photo = DECODER.decode("row", TestPictures.png(3000, 1))) {
      letterbox(photo, 64, 64);
      assertThat(photo.crop(Outline.of(new Box(0, 0, 3000, 1))).getWidth()).isEqualTo(2048);
    }
  }

  @Test
  void decode_alpha_comesOutOverWhite() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00ff0000);
    image.setRGB(1, 0, 0x800000ff);
    image.setRGB(0, 1, 0xff123456);

    BufferedImage crop = whole(TestPictures.encode(image, "png"));

    assertThat(crop.getRGB(0, 0)).isEqualTo(0xffffffff);
    assertThat(crop.getRGB(1, 0)).isEqualTo(0xff7f7fff);
    assertThat(crop.getRGB(0, 1)).isEqualTo(0xff123456);
  }

  @Test
  void decode_transparentGif_comesOutOverWhite() {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_ARGB);
    for (int x = 0; x < 10; x++) {
      for (int y = 0; y < 20; y++) {
        image.setRGB(x, y, 0xff000000);
      }
    }

    BufferedImage crop = whole(TestPictures.encode(image, "gif"));

    assertThat(crop.getRGB(2, 5)).isEqualTo(0xff000000);
    assertThat(crop.getRGB(17, 5)).isEqualTo(0xffffffff);
  }

  @Test
  void decode_alphaInGray_comesOutOverWhite() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00ff0000);
    image.setRGB(1, 0, 0x800000ff);
    image.setRGB(0, 1, 0xffffff00);

    try (DecodedPhoto photo =
        DECODER.decode("shelf", TestPictures.encode(image, "png"), PixelFormat.GRAY)) {
      Raster crop = photo.crop(Outline.of(new Box(0, 0, 2, 2))).getRaster();

      assertThat(crop.getSample(0, 0, 0)).isEqualTo(255);
      assertThat(crop.getSample(1, 0, 0)).isBetween(140, 143);
      assertThat(crop.getSample(0, 1, 0)).isBetween(225, 227);
    }
  }

  @Test
  void decode_inGray_isAsBrightAsInColor() {
    byte[] sixteen = TestPictures.pngOf16BitGrayAlpha(0xc8c8, 0x8080);
    for (byte[] bytes :
        List.of(
            sixteen,
            TestPictures.cmykJpeg(16, 16, 0, 255, 255, 0),
            TestPictures.encode(noise(60, 40), "png"),
            TestPictures.encode(noise(60, 40), "jpg"),
            TestPictures.webp(60, 40))) {
      try (DecodedPhoto color = DECODER.decode("shelf", bytes);
          PhotoDecoder other = new PhotoDecoder(1_000_000, 0);
          DecodedPhoto gray = other.decode("shelf", bytes, PixelFormat.GRAY)) {
        Outline all = Outline.of(new Box(0, 0, color.width(), color.height()));
        GrayCrop expected = color.grayCrop(all, 60);
        GrayCrop found = gray.grayCrop(all, 60);
        double off = 0;
        for (int i = 0; i < found.width() * found.height(); i++) {
          off += Math.abs((found.pixels()[i] & 0xff) - (expected.pixels()[i] & 0xff));
        }
        // noise has colors that a JPEG's brightness and differences cannot hold at once
        assertThat(off / (found.width() * found.height())).isLessThan(6);
      }
    }
  }

  @Test
  void decode_gray_comesAsColor() {
    BufferedImage gray = new BufferedImage(20, 10, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(4, 5, 0, 200);
    for (String format : List.of("png", "bmp", "tiff")) {
      assertThat(whole(TestPictures.encode(gray, format)).getRGB(4, 5)).isEqualTo(0xffc8c8c8);
    }
    assertThat(whole(TestPictures.encode(gray, "jpg")).getRGB(15, 2) & 0xff).isLessThan(30);
  }

  @Test
  void decode_sixteenBits_keepsTheUpperEight() {
    BufferedImage gray = new BufferedImage(9, 9, BufferedImage.TYPE_USHORT_GRAY);
    gray.getRaster().setSample(4, 5, 0, 0xc800);

    for (String format : List.of("png", "tiff")) {
      assertThat(whole(TestPictures.encode(gray, format)).getRGB(4, 5)).isEqualTo(0xffc8c8c8);
    }
  }

  @Test
  void decode_sixteenBitsWithAlpha_comesOutOverWhite() {
    byte[] png = TestPictures.pngOf16BitGrayAlpha(0xc8c8, 0x8080);

    assertNear(new Color(whole(png).getRGB(0, 0)), new Color(227, 227, 227), 1);
  }

  @Test
  void decode_cmyk_comesAsInkOnPaper() {
    assertNear(color(TestPictures.cmykJpeg(16, 16, 0, 0, 0, 0)), Color.WHITE, 2);
    assertNear(color(TestPictures.cmykJpeg(16, 16, 255, 0, 0, 0)), Color.CYAN, 2);
    assertNear(color(TestPictures.cmykJpeg(16, 16, 0, 255, 255, 0)), Color.RED, 2);
    assertNear(color(TestPictures.cmykJpeg(16, 16, 0, 0, 0, 255)), Color.BLACK, 2);
  }

  @Test
  void decode_animation_givesItsFirstFrame() {
    BufferedImage first = TestPictures.quarters(60, 40);
    BufferedImage second = new BufferedImage(60, 40, BufferedImage.TYPE_3BYTE_BGR);

    assertQuarters(TestPictures.animatedGif(List.of(first, second, second)), 60, 40);
    assertQuarters(TestPictures.animatedPng(first, second), 60, 40);
    assertQuarters(TestPictures.animatedWebp(first, second), 60, 40);
  }

  @Test
  void decode_bomb_isRefusedByItsHeader() {
    long alive = NativeBuffer.bytesAlive();
    for (byte[] bomb :
        List.of(
            TestPictures.pngOfSize(30_000, 30_000),
            TestPictures.jpegOfSize(TestPictures.jpeg(16, 16), 30_000, 30_000))) {
      assertThatThrownBy(() -> DECODER.decode("bomb", bomb))
          .isInstanceOf(UnreadablePhotoException.class)
          .hasMessage(
              "Cannot read photo bomb: found 30000 x 30000 pixels, expected at most 100000000 in"
                  + " all (make it smaller, or raise the limit if you trust its sender)");
    }
    assertThat(NativeBuffer.bytesAlive()).isEqualTo(alive);
  }

  @Test
  void decode_limit_isExact() {
    try (PhotoDecoder small = new PhotoDecoder(64 * 48, 0)) {
      small.decode("fits", TestPictures.jpeg(64, 48)).close();
      assertThatThrownBy(() -> small.decode("large", TestPictures.jpeg(64, 49)))
          .isInstanceOf(UnreadablePhotoException.class)
          .hasMessageContaining("found 64 x 49 pixels, expected at most 3072");
    }
  }

  @Test
  void decode_headerThatLies_isRefused() {
    assertThatThrownBy(() -> DECODER.decode("lie", TestPictures.pngOfSize(9_000, 9_000)))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessageContaining("found 9000 x 9000 pixels in ")
        .hasMessageContaining("expected a photo (no camera packs that tight");
    assertThatThrownBy(() -> DECODER.decode("lie", TestPictures.pngOfSize(900, 900)))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessageStartingWith("Cannot decode photo lie: found a damaged PNG of 900 x 900 pixels");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp", "tiff", "webp"})
  void decode_truncated_isRefused(String extension) {
    byte[] bytes =
        extension.equals("webp")
            ? TestPictures.webp(300, 200)
            : TestPictures.encode(noise(300, 200), extension);
    for (double share : new double[] {0.02, 0.3, 0.6, 0.95}) {
      byte[] cut = Arrays.copyOf(bytes, (int) (bytes.length * share));
      for (PixelFormat format : PixelFormat.values()) {
        assertThatThrownBy(() -> DECODER.decode("cut", cut, format))
            .as("%s of %s in %s", share, extension, format)
            .isInstanceOf(UnreadablePhotoException.class)
            .hasMessageStartingWith("Cannot ")
            .hasMessageContaining(" photo cut: found ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp", "tiff", "webp"})
  void decode_flippedBytes_decodesOrIsRefused(String extension) {
    Random random = new Random(7);
    byte[] bytes =
        extension.equals("webp")
            ? TestPictures.webp(60, 40)
            : TestPictures.encode(noise(60, 40), extension);
    for (int round = 0; round < 120; round++) {
      byte[] hostile = bytes.clone();
      // mostly in the header, where it hurts
      int reach = round % 3 == 0 ? hostile.length : Math.min(hostile.length, 80);
      for (int i = 0; i <= round % 5; i++) {
        hostile[random.nextInt(reach)] = (byte) random.nextInt();
      }
      try (PhotoDecoder modest = new PhotoDecoder(4_000_000, 0);
          DecodedPhoto photo = modest.decode("hostile", hostile, PixelFormat.values()[round % 2])) {
        letterbox(photo, 64, 64);
        photo.grayCrop(Outline.of(new Box(0, 0, photo.width(), photo.height())), 100);
      } catch (UnreadablePhotoException e) {
        assertThat(e).hasMessageContaining(" photo hostile: found ");
      }
    }
  }

  @Test
  void decode_closedDecoder_throws() {
    PhotoDecoder closed = new PhotoDecoder(1000, 1);
    closed.close();
    closed.close();

    assertThatThrownBy(() -> closed.decode("x", TestPictures.jpeg(8, 8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot decode photo: found the decoder closed, expected it open");
  }

  @Test
  void decodedPhoto_closed_throws() {
    DecodedPhoto photo = DECODER.decode("x", TestPictures.jpeg(8, 8));
    photo.close();
    photo.close();

    assertThatThrownBy(() -> photo.crop(Outline.of(new Box(0, 0, 4, 4))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot use photo: found it closed, expected it open");
  }

  @Test
  void constructor_badLimits_throws() {
    assertThatThrownBy(() -> new PhotoDecoder(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot limit photos: found 0 pixels, expected 1 to 500000000");
    assertThatThrownBy(() -> new PhotoDecoder(1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot keep buffers: found -1, expected 0 or more");
  }

  private static void assertQuarters(byte[] bytes, int width, int height) {
    for (PixelFormat format : PixelFormat.values()) {
      try (DecodedPhoto photo = DECODER.decode("shelf", bytes, format)) {
        assertQuarters(photo, format, width, height);
      }
    }
  }

  /** Every way out of a photo must agree on what is up. */
  private static void assertQuarters(
      DecodedPhoto photo, PixelFormat format, int width, int height) {
    assertThat(photo.width()).isEqualTo(width);
    assertThat(photo.height()).isEqualTo(height);
    Color[] colors = {
      TestPictures.TOP_LEFT,
      TestPictures.TOP_RIGHT,
      TestPictures.BOTTOM_RIGHT,
      TestPictures.BOTTOM_LEFT
    };
    float[] input = letterbox(photo, 96, 96);
    float[] grayInput = letterbox(photo, PixelFormat.GRAY, 96, 96);
    int rows = Math.round(96f * height / width);
    Outline all = Outline.of(new Box(0, 0, width, height));
    BufferedImage crop = photo.crop(all);
    GrayCrop gray = photo.grayCrop(all, 2048);
    FloatBuffer canvas = floats(320 * 192);
    photo.rectify(all, canvas, 0);
    for (int i = 0; i < 4; i++) {
      int right = i == 1 || i == 2 ? 3 : 1;
      int below = i >= 2 ? 3 : 1;
      Color color = colors[i];
      int at = rows * below / 4 * 96 + 96 * right / 4;
      Color boxed =
          new Color((int) input[at], (int) input[at + 96 * 96], (int) input[at + 2 * 96 * 96]);
      float luma = 0.299f * color.getRed() + 0.587f * color.getGreen() + 0.114f * color.getBlue();
      int gray8 = Math.round(luma);
      Color shown = format == PixelFormat.GRAY ? new Color(gray8, gray8, gray8) : color;
      assertNear(boxed, shown, 12);
      assertThat(Math.abs(grayInput[at] - luma)).isLessThan(9);
      int sample =
          crop.getRaster().getSample(crop.getWidth() * right / 4, crop.getHeight() * below / 4, 0);
      assertThat(Math.abs(sample - shown.getRed())).isLessThanOrEqualTo(12);
      int pixel = gray.height() * below / 4 * gray.width() + gray.width() * right / 4;
      assertThat(Math.abs((gray.pixels()[pixel] & 0xff) - luma)).isLessThan(9);
      int cell = (20 + 152 * below / 4) * 320 + 24 + 272 * right / 4;
      assertThat(Math.abs(canvas.get(cell) - luma)).isLessThan(9);
    }
    assertThat(canvas.get(0)).isEqualTo(114);
  }

  private static void assertNear(Color found, Color expected, int tolerance) {
    int off =
        Math.max(
            Math.abs(found.getRed() - expected.getRed()),
            Math.max(
                Math.abs(found.getGreen() - expected.getGreen()),
                Math.abs(found.getBlue() - expected.getBlue())));
    assertThat(off).as("%s against %s", found, expected).isLessThanOrEqualTo(tolerance);
  }

  private static BufferedImage whole(byte[] bytes) {
    try (DecodedPhoto photo = DECODER.decode("shelf", bytes)) {
      return photo.crop(Outline.of(new Box(0, 0, photo.width(), photo.height())));
    }
  }

  private static Color color(byte[] bytes) {
    return new Color(whole(bytes).getRGB(8, 8));
  }

  private static float[] letterbox(DecodedPhoto photo, int width, int height) {
    return letterbox(photo, PixelFormat.COLOR, width, height);
  }

  private static float[] letterbox(DecodedPhoto photo, PixelFormat input, int width, int height) {
    FloatBuffer target = floats(input.planes() * width * height);
    photo.letterbox(target, input, width, height);
    float[] result = new float[input.planes() * width * height];
    target.get(0, result);
    return result;
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  private static BufferedImage turned(BufferedImage upright) {
    BufferedImage stored =
        new BufferedImage(upright.getHeight(), upright.getWidth(), upright.getType());
    for (int y = 0; y < upright.getHeight(); y++) {
      for (int x = 0; x < upright.getWidth(); x++) {
        stored.setRGB(y, upright.getWidth() - 1 - x, upright.getRGB(x, y));
      }
    }
    return stored;
  }

  private static BufferedImage noise(int width, int height) {
    Random random = new Random(3);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    return image;
  }
}
