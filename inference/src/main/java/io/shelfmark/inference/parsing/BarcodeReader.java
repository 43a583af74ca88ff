package io.shelfmark.inference.parsing;

import com.google.zxing.Result;
import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Barcode.Symbology;
import io.shelfmark.inference.image.GrayCrop;
import io.shelfmark.internal.Pool;
import java.util.Optional;

/**
 * Decodes the code in a gray crop with ZXing: bar codes from bands across their bars, QR codes at
 * twice their size when they are small; dark on light and light on dark, in any of the four
 * directions. Check digits are verified. Thread-safe.
 */
public final class BarcodeReader {

  /** A crop longer than this times its other side has its bars across the long one. */
  private static final double LONG = 1.5;

  private final Pool<Readers> idle = new Pool<>(Readers::new);

  /** What is not thread-safe, and costly to make. */
  private record Readers(BarReader bars, SquareReader squares) {
    Readers() {
      this(new BarReader(), new SquareReader());
    }
  }

  /** The bar code in the crop: EAN-13, EAN-8, UPC-A or Code 128. */
  public Optional<Barcode> readBars(GrayCrop crop) {
    return idle.with(readers -> readBars(crop, readers.bars()));
  }

  /** The QR code in the crop. */
  public Optional<Barcode> readSquare(GrayCrop crop) {
    return idle.with(readers -> readers.squares().read(crop).flatMap(BarcodeReader::barcode));
  }

  private static Optional<Barcode> readBars(GrayCrop crop, BarReader bars) {
    Optional<Result> code =
        crop.height() > LONG * crop.width() ? Optional.empty() : bars.read(crop);
    if (code.isEmpty() && crop.width() <= LONG * crop.height()) {
      code = bars.read(crop.turned());
    }
    return code.flatMap(BarcodeReader::barcode);
  }

  private static Optional<Barcode> barcode(Result result) {
    String text = result.getText();
    return switch (result.getBarcodeFormat()) {
      case EAN_13 -> article(Symbology.EAN_13, text);
      case EAN_8 -> article(Symbology.EAN_8, text);
      case UPC_A -> article(Symbology.UPC_A, text);
      case CODE_128 -> code(Symbology.CODE_128, text);
      case QR_CODE -> code(Symbology.QR, text);
      default -> Optional.empty();
    };
  }

  private static Optional<Barcode> article(Symbology symbology, String digits) {
    return ArticleNumber.checkDigitHolds(digits)
        ? Optional.of(new Barcode(symbology, digits))
        : Optional.empty();
  }

  private static Optional<Barcode> code(Symbology symbology, String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(new Barcode(symbology, text));
  }
}
