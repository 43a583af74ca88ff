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
import io.shelfmark.inference.image.GrayCrop;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decodes QR codes with ZXing, turned by any angle: with one threshold for all of the crop, then
 * with local ones; dark on light and light on dark. Holds scratch memory: for one thread.
 */
final class SquareReader {

  /** Below this width a module is too few pixels for ZXing's edges. */
  private static final int SMALL = 500;

  private final MultiFormatReader reader = new MultiFormatReader();
  private byte[] doubled = {};

  SquareReader() {
    reader.setHints(
        Map.of(
            DecodeHintType.TRY_HARDER, true,
            DecodeHintType.ALSO_INVERTED, true,
            DecodeHintType.POSSIBLE_FORMATS, List.of(BarcodeFormat.QR_CODE)));
  }

  /** The code in the crop. */
  Optional<Result> read(GrayCrop crop) {
    GrayCrop picture = crop;
    if (Math.max(crop.width(), crop.height()) < SMALL) {
      picture = crop.doubled(doubled);
      doubled = picture.pixels();
    }
    int width = picture.width();
    int height = picture.height();
    LuminanceSource source =
        new PlanarYUVLuminanceSource(
            picture.pixels(), width, height, 0, 0, width, height, /* reverseHorizontal= */ false);
    Optional<Result> code = decode(new GlobalHistogramBinarizer(source));
    return code.isPresent() ? code : decode(new HybridBinarizer(source));
  }

  private Optional<Result> decode(Binarizer binarizer) {
    try {
      return Optional.of(reader.decodeWithState(new BinaryBitmap(binarizer)));
    } catch (NotFoundException e) {
      return Optional.empty();
    } finally {
      reader.reset();
    }
  }
}
