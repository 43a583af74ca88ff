package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.MultiFormatWriter;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import io.shelfmark.inference.Barcode.Symbology;
import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagFields;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeFinderTest {

  private static final int SIDE = 640;

  private final PhotoDecoder decoder = new PhotoDecoder(PhotoDecoder.DEFAULT_MAX_PIXELS, 1);
  private final CodeFinder finder = new CodeFinder();

  @AfterEach
  void close() {
    decoder.close();
  }

  @ParameterizedTest
  @CsvSource({
    "EAN_13, 4600051000057, BARCODE, EAN_13, 204, 40",
    "EAN_13, 4600051000057, BARCODE, EAN_13, 171, 30",
    "EAN_8, 96385074, BARCODE, EAN_8, 142, 30",
    "QR_CODE, 4600051000057, QR, QR, 84, 84",
    "QR_CODE, 4600051000057, QR, QR, 42, 42"
  })
  void find_codeOfThisSize_isRead(
      BarcodeFormat format, String text, FieldKind kind, Symbology symbology, int width, int height)
      throws IOException, WriterException {
    assertThat(find(format, text, kind, width, height))
        .containsExactly(new Barcode(symbology, text));
  }

  @Test
  void find_codeBelowThePhotosResolution_isNotSought() throws IOException, WriterException {
    assertThat(find(BarcodeFormat.EAN_13, "4600051000057", FieldKind.BARCODE, 50, 10)).isEmpty();
    assertThat(find(BarcodeFormat.QR_CODE, "4600051000057", FieldKind.QR, 21, 21)).isEmpty();
  }

  @Test
  void find_fieldOfAnotherKind_isLeftAlone() throws IOException, WriterException {
    assertThat(find(BarcodeFormat.QR_CODE, "4600051000057", FieldKind.NAME, 84, 84)).isEmpty();
  }

  /** What is found on white paper that fills the photo, the code in its middle. */
  private List<Barcode> find(
      BarcodeFormat format, String text, FieldKind kind, int width, int height)
      throws IOException, WriterException {
    double left = (SIDE - width) / 2.0;
    double top = (SIDE - height) / 2.0;
    double[] paper = {0, 0, SIDE, 0, SIDE, SIDE, 0, SIDE};
    TagFields fields = new TagFields();
    fields.add(
        kind,
        onCanvas(left, 24, 296),
        onCanvas(top, 20, 172),
        onCanvas(left + width, 24, 296),
        onCanvas(top + height, 20, 172),
        1);
    fields.endTag();
    try (DecodedPhoto photo = decoder.decode("code", photo(format, text, width, height))) {
      return finder.find(photo, paper, fields, 0).stream().map(Recognized::value).toList();
    }
  }

  private static double onCanvas(double pixel, double from, double to) {
    return from + pixel / SIDE * (to - from);
  }

  private static byte[] photo(BarcodeFormat format, String text, int width, int height)
      throws IOException, WriterException {
    BitMatrix modules = new MultiFormatWriter().encode(text, format, 1, 1);
    int[] inked = modules.getEnclosingRectangle();
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, SIDE, SIDE);
    graphics.setColor(Color.BLACK);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.translate((SIDE - width) / 2, (SIDE - height) / 2);
    graphics.scale((double) width / inked[2], (double) height / inked[3]);
    for (int y = 0; y < inked[3]; y++) {
      for (int x = 0; x < inked[2]; x++) {
        if (modules.get(inked[0] + x, inked[1] + y)) {
          graphics.fillRect(x, y, 1, 1);
        }
      }
    }
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
