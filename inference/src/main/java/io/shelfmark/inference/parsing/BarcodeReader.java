package io.shelfmark.inference.parsing;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.Binarizer;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.LuminanceSource;
import com.google.zxing.MultiFormatReader;
import com.google.zxing.NotFoundException;
import com.google.zxing.PlanarYUVLuminanceSource;
import com.google.zxing.Result;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.common.HybridBinarizer;
import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Barcode.Symbology;
import io.shelfmark.inference.image.GrayCrop;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decodes the bar code or QR code in a gray crop with ZXing. Tries local and global thresholds, the
 * crop turned by 90 degrees, and twice the size when it is small; dark on light and light on dark.
 * Check digits are verified. Stateless, thread-safe.
 */
public final class BarcodeReader {

  private static final Map<DecodeHintType, ?> HINTS =
      Map.of(
          DecodeHintType.TRY_HARDER,
          true,
          DecodeHintType.POSSIBLE_FORMATS,
          List.of(
              BarcodeFormat.EAN_13,
              BarcodeFormat.EAN_8,
              BarcodeFormat.UPC_A,
              BarcodeFormat.CODE_128,
              BarcodeFormat.QR_CODE));

  /** Below this width a module is too few pixels for ZXing's edges. */
  private static final int SMALL = 500;

  /** The code in the crop. */
  public Optional<Barcode> read(GrayCrop crop) {
    Optional<Barcode> code = decode(crop);
    if (code.isEmpty() && Math.max(crop.width(), crop.height()) < SMALL) {
      code = decode(crop.doubled());
    }
    return code.or(() -> decode(crop.turned()));
  }

  private static Optional<Barcode> decode(GrayCrop crop) {
    LuminanceSource source =
        new PlanarYUVLuminanceSource(
            crop.pixels(), crop.width(), crop.height(), 0, 0, crop.width(), crop.height(), false);
    return decode(source, HybridBinarizer::new)
        .or(() -> decode(source, GlobalHistogramBinarizer::new))
        .or(() -> decode(source.invert(), HybridBinarizer::new));
  }

  private static Optional<Barcode> decode(
      LuminanceSource source, Function<LuminanceSource, Binarizer> binarizer) {
    MultiFormatReader reader = new MultiFormatReader();
    reader.setHints(HINTS);
    try {
      return barcode(reader.decodeWithState(new BinaryBitmap(binarizer.apply(source))));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
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
