package io.shelfmark.inference.parsing;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.Binarizer;
import com.google.zxing.DecodeHintType;
import com.google.zxing.NotFoundException;
import com.google.zxing.PlanarYUVLuminanceSource;
import com.google.zxing.Result;
import com.google.zxing.common.BitArray;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.oned.MultiFormatOneDReader;
import io.shelfmark.inference.image.GrayCrop;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decodes upright bars with ZXing, in a few bands across them instead of every row: as they are,
 * then with their contrast leveled, then light on dark. From either side. Holds scratch memory: for
 * one thread.
 */
final class BarReader {

  /** Thick bands have less noise, thin ones suffer less where the bars lean. */
  private static final int[] BANDS = {5, 9};

  /** Share of the height at the top and bottom that is likely no bars: paper and digits. */
  private static final double MARGIN = 0.22;

  /** How often the way that leveling looks to either side, a few bars, goes into the width. */
  private static final int REACHES = 16;

  private static final Map<DecodeHintType, ?> HINTS =
      Map.of(
          DecodeHintType.POSSIBLE_FORMATS,
          List.of(
              BarcodeFormat.EAN_13,
              BarcodeFormat.EAN_8,
              BarcodeFormat.UPC_A,
              BarcodeFormat.CODE_128));

  private final MultiFormatOneDReader reader = new MultiFormatOneDReader(HINTS);
  private byte[] plain = {};
  private byte[] leveled = {};

  /** What was read as EAN-8 before. */
  private String shortCode = "";

  /** The code whose bars stand upright in the crop. */
  Optional<Result> read(GrayCrop crop) {
    shortCode = "";
    Optional<Result> code = Optional.empty();
    for (int i = 0; i < BANDS.length && code.isEmpty(); i++) {
      code = readBands(crop.bands(BANDS[i], MARGIN, plain));
    }
    return code;
  }

  private Optional<Result> readBands(GrayCrop bands) {
    plain = bands.pixels();
    Optional<Result> code = scan(bands);
    if (code.isPresent()) {
      return code;
    }
    GrayCrop even = bands.leveled(Math.max(4, bands.width() / REACHES), leveled);
    leveled = even.pixels();
    code = scan(even);
    if (code.isPresent()) {
      return code;
    }
    invert(even);
    return scan(even);
  }

  private static void invert(GrayCrop crop) {
    byte[] pixels = crop.pixels();
    for (int i = 0; i < crop.width() * crop.height(); i++) {
      pixels[i] = (byte) ~pixels[i];
    }
  }

  private Optional<Result> scan(GrayCrop bands) {
    int width = bands.width();
    int height = bands.height();
    Binarizer binarizer =
        new GlobalHistogramBinarizer(
            new PlanarYUVLuminanceSource(
                bands.pixels(),
                width,
                height,
                0,
                0,
                width,
                height,
                /* reverseHorizontal= */ false));
    BitArray row = new BitArray(width);
    Optional<Result> code = Optional.empty();
    for (int i = 0; i < height && code.isEmpty(); i++) {
      // from the middle outwards
      int band = height / 2 + (i % 2 == 0 ? i / 2 : -(i + 1) / 2);
      if (threshold(binarizer, band, row)) {
        code = decode(band, row);
        if (code.isEmpty()) {
          row.reverse();
          code = decode(band, row);
        }
      }
    }
    return code;
  }

  /** False when the band is all of one shade. */
  private static boolean threshold(Binarizer binarizer, int band, BitArray row) {
    try {
      return binarizer.getBlackRow(band, row).getSize() > 0;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private Optional<Result> decode(int band, BitArray row) {
    try {
      Result code = reader.decodeRow(band, row, HINTS);
      return isCertain(code) ? Optional.of(code) : Optional.empty();
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Parts of a longer code may look like an EAN-8, which has but one digit to check it: that counts
   * when two bands read the same.
   */
  private boolean isCertain(Result code) {
    if (code.getBarcodeFormat() != BarcodeFormat.EAN_8 || code.getText().equals(shortCode)) {
      return true;
    }
    shortCode = code.getText();
    return false;
  }
}
