package io.shelfmark.inference.synthetic;

import com.google.zxing.WriterException;
import com.google.zxing.oned.EAN13Writer;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

/** Bar patterns that scanners read. */
final class Codes {
  private Codes() {}

  /** Dark bars of an EAN-13, as fractions of its width. */
  static void bars(String digits, Bar painter) {
    boolean[] modules = new EAN13Writer().encode(digits);
    double all = modules.length;
    for (int i = 0; i < modules.length; i++) {
      int from = i;
      while (i < modules.length && modules[i]) {
        i++;
      }
      if (i > from) {
        painter.paint(from / all, i / all);
      }
    }
  }

  /** Dark cells of a QR code, as fractions of its side. */
  static void square(String text, Cell painter) {
    try {
      ByteMatrix matrix = Encoder.encode(text, ErrorCorrectionLevel.L).getMatrix();
      double side = matrix.getWidth();
      for (int y = 0; y < matrix.getHeight(); y++) {
        for (int x = 0; x < matrix.getWidth(); x++) {
          if (matrix.get(x, y) == 1) {
            painter.paint(x / side, y / side, 1.02 / side);
          }
        }
      }
    } catch (WriterException tooLong) {
      throw new IllegalStateException("Cannot encode \"" + text + "\" as QR code", tooLong);
    }
  }

  interface Bar {
    void paint(double from, double to);
  }

  interface Cell {
    void paint(double x, double y, double size);
  }
}
