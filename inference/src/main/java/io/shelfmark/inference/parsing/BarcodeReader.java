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
import io.shelfmark.internal.Pool;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decodes the bar code or QR code in a gray crop with ZXing. Tries local and global thresholds, the
 * crop turned by 90 degrees, and twice the size when it is small; dark on light and light on dark.
 * Check digits are verified. Thread-safe.
 */
public final class BarcodeReader {

  private static final List<BarcodeFormat> FORMATS =
      List.of(
          BarcodeFormat.QR_CODE,
          BarcodeFormat.EAN_13,
          BarcodeFormat.EAN_8,
          BarcodeFormat.UPC_A,
          BarcodeFormat.CODE_128);

  /** Below this width a module is too few pixels for ZXing's edges. */
  private static final int SMALL = 500;

  private final Pool<Readers> idle = new Pool<>(Readers::new);

  /** ZXing's readers, which are not thread-safe, and costly to make. */
  private static final class Readers {
    final MultiFormatReader all = reader(FORMATS);
    final MultiFormatReader qr = reader(List.of(BarcodeFormat.QR_CODE));
    private byte[] inverted = {};

    /** The negative of the crop; valid until the next one. */
    byte[] inverted(GrayCrop crop) {
      int size = crop.width() * crop.height();
      if (inverted.length < size) {
        inverted = new byte[size];
      }
      for (int i = 0; i < size; i++) {
        inverted[i] = (byte) ~crop.pixels()[i];
      }
      return inverted;
    }

    private static MultiFormatReader reader(List<BarcodeFormat> formats) {
      MultiFormatReader reader = new MultiFormatReader();
      reader.setHints(
          Map.of(DecodeHintType.TRY_HARDER, true, DecodeHintType.POSSIBLE_FORMATS, formats));
      return reader;
    }
  }

  /** The code in the crop. */
  public Optional<Barcode> read(GrayCrop crop) {
    return idle.with(readers -> read(crop, readers));
  }

  private static Optional<Barcode> read(GrayCrop crop, Readers readers) {
    Optional<Barcode> code = decode(crop, readers);
    if (code.isEmpty() && Math.max(crop.width(), crop.height()) < SMALL) {
      code = decode(crop.doubled(), readers);
    }
    return code.isPresent() ? code : decode(crop.turned(), readers);
  }

  private static Optional<Barcode> decode(GrayCrop crop, Readers readers) {
    LuminanceSource source = source(crop.pixels(), crop);
    Optional<Barcode> code = decode(readers.all, new HybridBinarizer(source));
    if (code.isEmpty()) {
      // bars are read by rows, which both binarizers threshold alike: what is left are squares
      code = decode(readers.qr, new GlobalHistogramBinarizer(source));
    }
    return code.isPresent()
        ? code
        : decode(readers.all, new HybridBinarizer(source(readers.inverted(crop), crop)));
  }

  private static LuminanceSource source(byte[] pixels, GrayCrop crop) {
    return new PlanarYUVLuminanceSource(
        pixels, crop.width(), crop.height(), 0, 0, crop.width(), crop.height(), false);
  }

  private static Optional<Barcode> decode(MultiFormatReader reader, Binarizer binarizer) {
    try {
      return barcode(reader.decodeWithState(new BinaryBitmap(binarizer)));
    } catch (NotFoundException e) {
      return Optional.empty();
    } finally {
      reader.reset();
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
