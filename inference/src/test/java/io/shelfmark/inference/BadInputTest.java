package io.shelfmark.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shelfmark.inference.image.TestPictures;
import io.shelfmark.inference.synthetic.GeneratedPhoto;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people hand in, from the file to its reading: each is refused in one sentence or read like
 * any other photo, and never harms the photos beside it.
 */
class BadInputTest {

  private static PriceTagRecognizer recognizer;

  /** A generated close-up as pixels, and what is read on it: the other formats must agree. */
  private static BufferedImage pixels;

  private static ShelfReading expected;

  @BeforeAll
  static void open() throws IOException {
    recognizer = PriceTagRecognizer.builder().threads(2).build();
    GeneratedPhoto generated = PhotoGenerator.seeded(5).withTags(6).sized(640, 832).photo(1);
    pixels = ImageIO.read(new ByteArrayInputStream(generated.jpeg()));
    expected = recognizer.recognize(ShelfPhoto.of("png", TestPictures.encode(pixels, "png")));
  }

  @AfterAll
  static void close() {
    recognizer.close();
  }

  private static Map<ShelfPhoto, String> refused() {
    byte[] jpeg = TestPictures.encode(pixels, "jpg");
    byte[] png = TestPictures.encode(pixels, "png");
    byte[] webp = TestPictures.webp(300, 200);
    byte[] damaged = png.clone();
    Arrays.fill(damaged, damaged.length / 2, damaged.length / 2 + 64, (byte) 0);
    String tooLarge =
        "found 30000 x 30000 pixels, expected at most 100000000 in all (make it smaller, or raise the limit if you trust its sender)";
    Map<ShelfPhoto, String> photos = new LinkedHashMap<>();
    photos.put(
        ShelfPhoto.of("letter.txt", "Dear Sir, 99.90".getBytes(UTF_8)),
        "found 15 bytes that begin with 44 65 61 72 20 53 69 72, expected a JPEG, PNG, WebP, BMP, TIFF or GIF picture");
    photos.put(ShelfPhoto.of("empty.jpg", new byte[0]), "found 0 bytes, expected");
    photos.put(
        ShelfPhoto.of("cut.jpg", Arrays.copyOf(jpeg, jpeg.length / 2)),
        "expected the end marker of a JPEG");
    photos.put(ShelfPhoto.of("cut.png", Arrays.copyOf(png, png.length / 2)), "of a PNG");
    photos.put(ShelfPhoto.of("cut.webp", Arrays.copyOf(webp, webp.length / 2)), "of a WebP");
    photos.put(ShelfPhoto.of("damaged.png", damaged), "found a damaged PNG of 640 x 832 pixels");
    photos.put(ShelfPhoto.of("bomb.png", TestPictures.pngOfSize(30_000, 30_000)), tooLarge);
    photos.put(ShelfPhoto.of("bomb.jpg", TestPictures.jpegOfSize(jpeg, 30_000, 30_000)), tooLarge);
    return photos;
  }

  @Test
  void recognize_whatIsNoPhoto_isRefusedInOneSentence() {
    refused()
        .forEach(
            (photo, reason) ->
                assertThatThrownBy(() -> recognizer.recognize(photo))
                    .isInstanceOf(UnreadablePhotoException.class)
                    .hasMessageMatching("Cannot (read|decode) photo \\Q" + photo + "\\E: [^\n]+")
                    .hasMessageContaining(reason));
  }

  @Test
  void recognizeAll_badPhotosAmongGood_failAlone() {
    ShelfPhoto good = ShelfPhoto.of("png", TestPictures.encode(pixels, "png"));
    List<ShelfPhoto> photos = new ArrayList<>();
    photos.addAll(refused().keySet());
    photos.add(4, good);
    photos.add(good);

    List<PhotoOutcome> outcomes = recognizer.recognizeAll(photos);

    assertThat(outcomes).extracting(PhotoOutcome::photo).isEqualTo(photos);
    for (PhotoOutcome outcome : outcomes) {
      if (outcome.photo() == good) {
        assertThat(outcome.reading()).contains(expected);
      } else {
        assertThat(outcome.failure()).containsInstanceOf(UnreadablePhotoException.class);
      }
    }
  }

  @Test
  void recognize_samePixelsInOtherFormats_readsTheSame() {
    BufferedImage other = new BufferedImage(640, 832, BufferedImage.TYPE_3BYTE_BGR);
    Map<String, byte[]> formats = new LinkedHashMap<>();
    formats.put("bmp", TestPictures.encode(pixels, "bmp"));
    formats.put("tiff", TestPictures.encode(pixels, "tiff"));
    formats.put("webp", TestPictures.webp(pixels));
    formats.put("opaque alpha", TestPictures.encode(as(BufferedImage.TYPE_INT_ARGB), "png"));
    formats.put("16 bits", TestPictures.pngOf16Bits(pixels));
    formats.put("animated png", TestPictures.animatedPng(pixels, other));

    assertThat(expected.tags()).isNotEmpty();
    formats.forEach(
        (format, bytes) ->
            assertThat(recognizer.recognize(ShelfPhoto.of("png", bytes)))
                .as(format)
                .isEqualTo(expected));
  }

  @Test
  void recognize_grayPhoto_readsLikeItsGrayPixelsInColor() {
    BufferedImage gray = as(BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage colored = new BufferedImage(640, 832, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < 832; y++) {
      for (int x = 0; x < 640; x++) {
        colored.setRGB(x, y, 0x010101 * gray.getRaster().getSample(x, y, 0));
      }
    }

    assertThat(recognizer.recognize(ShelfPhoto.of("gray", TestPictures.encode(gray, "png"))))
        .isEqualTo(
            recognizer.recognize(ShelfPhoto.of("gray", TestPictures.encode(colored, "png"))));
  }

  @Test
  void recognize_unusualPictures_areReadAtTheirSize() {
    BufferedImage quarters = TestPictures.quarters(60, 40);
    List<byte[]> pictures =
        List.of(
            TestPictures.cmykJpeg(60, 40, 0, 0, 0, 0),
            TestPictures.animatedGif(List.of(quarters, quarters)),
            TestPictures.animatedWebp(quarters, quarters),
            TestPictures.encode(new BufferedImage(60, 40, BufferedImage.TYPE_USHORT_GRAY), "png"));
    for (byte[] picture : pictures) {
      ShelfReading reading = recognizer.recognize(ShelfPhoto.of("picture", picture));

      assertThat(reading.width()).isEqualTo(60);
      assertThat(reading.height()).isEqualTo(40);
    }
  }

  @Test
  void recognize_photosTooSmallForATag_areEmptyReadings() {
    for (byte[] picture :
        List.of(
            TestPictures.png(1, 1),
            TestPictures.jpeg(1, 1),
            TestPictures.png(3000, 1),
            TestPictures.png(1, 3000))) {
      assertThat(recognizer.recognize(ShelfPhoto.of("dot", picture)).tags()).isEmpty();
    }
  }

  @Test
  void recognize_noTagInSight_isAnEmptyReading() {
    BufferedImage blank = new BufferedImage(400, 300, BufferedImage.TYPE_BYTE_GRAY);

    ShelfReading reading =
        recognizer.recognize(ShelfPhoto.of("blank", TestPictures.encode(blank, "png")));

    assertThat(reading).isEqualTo(new ShelfReading("blank", 400, 300, List.of()));
  }

  @Test
  void recognize_quarterTurnByExif_readsTheUprightPhoto() {
    BufferedImage stored = new BufferedImage(832, 640, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < 832; y++) {
      for (int x = 0; x < 640; x++) {
        stored.setRGB(y, 639 - x, pixels.getRGB(x, y));
      }
    }
    byte[] exif = TestPictures.exif(6, ByteOrder.LITTLE_ENDIAN);
    byte[] turned = TestPictures.pngWithExif(TestPictures.encode(stored, "png"), exif);

    ShelfReading reading = recognizer.recognize(ShelfPhoto.of("png", turned));

    assertThat(reading.width()).isEqualTo(640);
    assertThat(reading.height()).isEqualTo(832);
    assertThat(reading.tags()).hasSameSizeAs(expected.tags());
    for (int i = 0; i < reading.tags().size(); i++) {
      PriceTag tag = reading.tags().get(i);
      PriceTag upright = expected.tags().get(i);
      assertThat(
              tag.detection().outline().topLeft().distance(upright.detection().outline().topLeft()))
          .isCloseTo(0, within(0.5));
      // Turned pixels are sampled with another rounding: what is doubtful may tip over.
      if (upright.confidence() > 0.9) {
        assertThat(tag.price().map(Recognized::value))
            .isEqualTo(upright.price().map(Recognized::value));
      }
    }
  }

  @Test
  void recognize_twoHundredTags_readsThemInSeveralRuns() {
    byte[] jpeg = PhotoGenerator.seeded(3).sized(2400, 1800).withTags(200).photo(1).jpeg();

    // tags this small are found with low scores
    try (PriceTagRecognizer eager = PriceTagRecognizer.builder().minimumScore(0.2).build()) {
      ShelfReading reading = eager.recognize(ShelfPhoto.of("shelf", jpeg));

      assertThat(reading.tags()).hasSizeBetween(2 * Scratch.TAGS, 256);
      assertThat(reading.tags()).doesNotHaveDuplicates();
    }
  }

  @Test
  void read_pathThatIsNoFile_namesIt(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> ShelfPhoto.read(folder.resolve("gone.jpg")))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessage(
            "Cannot read photo %s: found no such file, expected a picture (check the path)",
            folder.resolve("gone.jpg"));
    assertThatThrownBy(() -> ShelfPhoto.read(folder))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessage(
            "Cannot read photo %s: found a folder, expected a readable file (check the path)",
            folder);
    assertThatThrownBy(() -> ShelfPhoto.read(file.resolve("shelf.jpg")))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessageStartingWith("Cannot read photo %s: found ", file.resolve("shelf.jpg"));
  }

  private static BufferedImage as(int type) {
    BufferedImage image = new BufferedImage(pixels.getWidth(), pixels.getHeight(), type);
    Graphics2D graphics = image.createGraphics();
    graphics.drawImage(pixels, 0, 0, null);
    graphics.dispose();
    return image;
  }
}
