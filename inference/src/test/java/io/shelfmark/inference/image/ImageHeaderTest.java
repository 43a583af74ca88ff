package io.shelfmark.inference.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.UnreadablePhotoException;
import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageHeaderTest {

  @ParameterizedTest
  @CsvSource({"jpg, JPEG", "png, PNG", "bmp, BMP", "gif, GIF", "tiff, TIFF"})
  void read_eachFormat_tellsFormatAndSize(String extension, ImageFormat format) {
    byte[] bytes = TestPictures.encode(TestPictures.quarters(37, 21), extension);

    ImageHeader header = ImageHeader.read("shelf", bytes);

    assertThat(header.format()).isEqualTo(format);
    assertThat(header.width()).isEqualTo(37);
    assertThat(header.height()).isEqualTo(21);
    assertThat(header.channels()).isEqualTo(3);
    assertThat(header.bits()).isEqualTo(8);
    assertThat(header.orientation()).isEqualTo(1);
  }

  @Test
  void read_webp_tellsFormatAndSize() {
    ImageHeader header = ImageHeader.read("shelf", TestPictures.webp(37, 21));

    assertThat(header)
        .isEqualTo(
            new ImageHeader(ImageFormat.WEBP, 37, 21, 8, header.channels(), header.alpha(), 1));
  }

  @Test
  void read_grayOf16Bits_tellsBitsAndChannels() {
    byte[] bytes =
        TestPictures.encode(new BufferedImage(5, 4, BufferedImage.TYPE_USHORT_GRAY), "png");

    assertThat(ImageHeader.read("shelf", bytes))
        .isEqualTo(new ImageHeader(ImageFormat.PNG, 5, 4, 16, 1, false, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void read_orientation_isFoundInBothByteOrdersAndThreeFormats(int orientation) {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      byte[] exif = TestPictures.exif(orientation, order);
      byte[][] photos = {
        TestPictures.jpegWithExif(TestPictures.jpeg(8, 6), exif),
        TestPictures.pngWithExif(TestPictures.png(8, 6), exif),
        TestPictures.webpWithExif(TestPictures.webp(8, 6), 8, 6, exif)
      };
      for (byte[] photo : photos) {
        ImageHeader header = ImageHeader.read("shelf", photo);

        assertThat(header.orientation()).isEqualTo(orientation);
        assertThat(header.uprightWidth()).isEqualTo(orientation < 5 ? 8 : 6);
        assertThat(header.uprightHeight()).isEqualTo(orientation < 5 ? 6 : 8);
      }
    }
  }

  @Test
  void read_damagedExif_meansUpright() {
    byte[] exif = TestPictures.exif(6, ByteOrder.LITTLE_ENDIAN);
    for (int cut = 0; cut < 20; cut++) {
      byte[] photo = TestPictures.jpegWithExif(TestPictures.jpeg(8, 6), Arrays.copyOf(exif, cut));
      assertThat(ImageHeader.read("shelf", photo).orientation()).isEqualTo(1);
    }
    byte[] wild =
        TestPictures.jpegWithExif(
            TestPictures.jpeg(8, 6), TestPictures.exif(99, ByteOrder.BIG_ENDIAN));
    assertThat(ImageHeader.read("shelf", wild).orientation()).isEqualTo(1);
  }

  @Test
  void read_zeroBytes_throws() {
    assertThatThrownBy(() -> ImageHeader.read("shelf.jpg", new byte[0]))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessage(
            "Cannot read photo shelf.jpg: found 0 bytes, expected a JPEG, PNG, WebP, BMP, TIFF or"
                + " GIF picture (check the file or take the photo again)");
  }

  @Test
  void read_text_throwsAndShowsItsBeginning() {
    assertThatThrownBy(
            () -> ImageHeader.read("notes", "price list".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessageContaining(
            "found 10 bytes that begin with 70 72 69 63 65 20 6c 69, expected a JPEG");
  }

  @Test
  void read_sizeZero_throws() {
    assertThatThrownBy(() -> ImageHeader.read("x", TestPictures.pngOfSize(0, 5)))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessageContaining("found PNG of 0 x 5 pixels, expected at least 1 x 1");
  }

  @Test
  void read_sizeBeyondInt_isLarge() {
    ImageHeader header = ImageHeader.read("x", TestPictures.pngOfSize(-1, -1));

    assertThat(header.pixels()).isEqualTo((long) Integer.MAX_VALUE * Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp", "tiff"})
  void read_anyPrefix_throwsUnreadableOrReads(String extension) {
    byte[] bytes = TestPictures.encode(TestPictures.quarters(16, 12), extension);
    for (int length = 0; length < Math.min(bytes.length, 900); length++) {
      byte[] prefix = Arrays.copyOf(bytes, length);
      try {
        ImageHeader header = ImageHeader.read("shelf", prefix);
        assertThat(extension).as("prefix of %s bytes", length).isNotIn("jpg", "png");
        assertThat(header.width()).isPositive();
      } catch (UnreadablePhotoException e) {
        assertThat(e).hasMessageStartingWith("Cannot read photo shelf: found ");
      }
    }
  }

  @Test
  void read_truncatedJpeg_namesTheMissingEnd() {
    byte[] bytes = TestPictures.jpeg(64, 64);

    assertThatThrownBy(() -> ImageHeader.read("s", Arrays.copyOf(bytes, bytes.length - 40)))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessage(
            "Cannot read photo s: found its end after %d bytes, expected the end marker of a JPEG (the file is cut short: copy or upload it again)"
                .formatted(bytes.length - 40));
  }

  @Test
  void read_jpegWithTrailer_isComplete() {
    byte[] bytes = TestPictures.jpeg(64, 48);
    byte[] trailed = Arrays.copyOf(bytes, bytes.length + 1000);

    assertThat(ImageHeader.read("s", trailed).width()).isEqualTo(64);
  }

  @Test
  void read_truncatedWebp_throws() {
    byte[] bytes = TestPictures.webp(64, 48);

    assertThatThrownBy(() -> ImageHeader.read("s", Arrays.copyOf(bytes, bytes.length - 10)))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessageContaining("of a WebP (the file is cut short");
  }

  @Property(tries = 400)
  void read_anyBytesAfterAnyMagic_neverFailsOtherwise(
      @ForAll @IntRange(max = 7) int format, @ForAll @Size(max = 200) byte[] noise) {
    String[] magics = {
      "",
      "\u00ff\u00d8\u00ff",
      "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR",
      "RIFF\u0010\0\0\0WEBPVP8X",
      "GIF89a",
      "II*\0",
      "MM\0*",
      "BM"
    };
    byte[] magic = magics[format].getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes = TestPictures.insert(noise, 0, magic);
    try {
      assertThat(ImageHeader.read("noise", bytes).pixels()).isPositive();
    } catch (UnreadablePhotoException e) {
      assertThat(e).hasMessageStartingWith("Cannot read photo noise: found ");
    }
  }
}
