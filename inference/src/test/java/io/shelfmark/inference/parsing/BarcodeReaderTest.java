package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.MultiFormatWriter;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Barcode.Symbology;
import io.shelfmark.inference.image.GrayCrop;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BarcodeReaderTest {

  private final BarcodeReader reader = new BarcodeReader();

  @ParameterizedTest
  @CsvSource({
    "EAN_13, 4600051000057, EAN_13, 130, 40",
    "EAN_13, 4600051000057, EAN_13, 400, 90",
    "EAN_8, 96385074, EAN_8, 120, 40",
    "EAN_8, 96385074, EAN_8, 120, 100",
    "UPC_A, 036000291452, UPC_A, 220, 60",
    "CODE_128, PLU-00731, CODE_128, 300, 60"
  })
  void readBars_uprightTurnedAndInverted_isRead(
      BarcodeFormat format, String text, Symbology symbology, int width, int height)
      throws WriterException {
    GrayCrop crop = draw(format, text, width, height);
    Barcode expected = new Barcode(symbology, text);

    assertThat(reader.readBars(crop)).contains(expected);
    assertThat(reader.readBars(crop.turned())).contains(expected);
    assertThat(reader.readBars(crop.turned().turned())).contains(expected);
    assertThat(reader.readBars(inverted(crop))).contains(expected);
    assertThat(reader.readSquare(crop)).isEmpty();
  }

  @Test
  void readBars_noiseThatNoRowSurvives_isReadFromBands() throws WriterException {
    GrayCrop crop = draw(BarcodeFormat.EAN_13, "4600051000057", 200, 90);
    Random random = new Random(3);
    for (int i = 0; i < crop.width() * crop.height(); i++) {
      int gray = (crop.pixels()[i] & 0xff) + (int) (60 * random.nextGaussian());
      crop.pixels()[i] = (byte) Math.max(0, Math.min(255, gray));
    }

    assertThat(reader.readBars(crop)).contains(new Barcode(Symbology.EAN_13, "4600051000057"));
  }

  @Test
  void readBars_lightFadingAlongThem_isReadLeveled() throws WriterException {
    GrayCrop crop = draw(BarcodeFormat.EAN_13, "4600051000057", 300, 60);
    for (int y = 0; y < crop.height(); y++) {
      for (int x = 0; x < crop.width(); x++) {
        int at = y * crop.width() + x;
        double light = 1 - 0.6 * x / crop.width();
        crop.pixels()[at] = (byte) (light * (crop.pixels()[at] & 0xff));
      }
    }

    assertThat(reader.readBars(crop)).contains(new Barcode(Symbology.EAN_13, "4600051000057"));
  }

  @ParameterizedTest
  @ValueSource(ints = {70, 300, 600})
  void readSquare_uprightTurnedAndInverted_isRead(int size) throws WriterException {
    GrayCrop crop = draw(BarcodeFormat.QR_CODE, "https://example.org/p/731", size, size);
    Barcode expected = new Barcode(Symbology.QR, "https://example.org/p/731");

    assertThat(reader.readSquare(crop)).contains(expected);
    assertThat(reader.readSquare(crop.turned())).contains(expected);
    assertThat(reader.readSquare(inverted(crop))).contains(expected);
    assertThat(reader.readBars(crop)).isEmpty();
  }

  @Test
  void read_noCode_isEmpty() {
    byte[] noise = new byte[200 * 60];
    new Random(1).nextBytes(noise);

    for (GrayCrop crop :
        List.of(
            new GrayCrop(200, 60, noise),
            new GrayCrop(1, 1, new byte[] {1}),
            new GrayCrop(30, 30, new byte[900]))) {
      assertThat(reader.readBars(crop)).isEmpty();
      assertThat(reader.readSquare(crop)).isEmpty();
    }
  }

  @Test
  void readBars_afterOtherCrops_isTheSame() throws WriterException {
    GrayCrop crop = draw(BarcodeFormat.EAN_8, "96385074", 120, 40);

    reader.readBars(draw(BarcodeFormat.CODE_128, "PLU-00731", 600, 90));
    reader.readSquare(draw(BarcodeFormat.QR_CODE, "7", 200, 200));

    assertThat(reader.readBars(crop)).isEqualTo(new BarcodeReader().readBars(crop));
  }

  @Test
  void readBars_manyThreads_agree() throws WriterException {
    GrayCrop crop = draw(BarcodeFormat.EAN_13, "4600051000057", 300, 60);

    assertThat(IntStream.range(0, 64).parallel().mapToObj(i -> reader.readBars(crop)).distinct())
        .hasSize(1);
  }

  @Test
  void articleNumber_checkDigit_decides() {
    assertThat(ArticleNumber.parse("4 600051 000057"))
        .contains(new Barcode(Symbology.EAN_13, "4600051000057"));
    assertThat(ArticleNumber.parse("036000291452"))
        .contains(new Barcode(Symbology.UPC_A, "036000291452"));
    assertThat(ArticleNumber.parse("96385074")).contains(new Barcode(Symbology.EAN_8, "96385074"));
    assertThat(ArticleNumber.parse("4600051000058")).isEmpty();
    assertThat(ArticleNumber.parse("460005100005")).isEmpty();
    assertThat(ArticleNumber.parse("0000000000000")).isEmpty();
    assertThat(ArticleNumber.parse("код 4600051000057")).isEmpty();
  }

  private static GrayCrop draw(BarcodeFormat format, String text, int width, int height)
      throws WriterException {
    BitMatrix bars =
        new MultiFormatWriter()
            .encode(
                text,
                format,
                width,
                height,
                Map.of(EncodeHintType.MARGIN, format == BarcodeFormat.QR_CODE ? 4 : 20));
    byte[] pixels = new byte[bars.getWidth() * bars.getHeight()];
    Arrays.fill(pixels, (byte) 205);
    for (int y = 0; y < bars.getHeight(); y++) {
      for (int x = 0; x < bars.getWidth(); x++) {
        if (bars.get(x, y)) {
          pixels[y * bars.getWidth() + x] = 90;
        }
      }
    }
    return new GrayCrop(bars.getWidth(), bars.getHeight(), pixels);
  }

  private static GrayCrop inverted(GrayCrop crop) {
    byte[] pixels = crop.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (255 - (pixels[i] & 0xff));
    }
    return new GrayCrop(crop.width(), crop.height(), pixels);
  }
}
