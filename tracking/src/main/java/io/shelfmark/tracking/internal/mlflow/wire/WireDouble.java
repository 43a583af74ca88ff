package io.shelfmark.tracking.internal.mlflow.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * A double as protocol buffers' JSON has it: what JSON has no number for is a text. Source:
 * protobuf.dev, "ProtoJSON Format", table of types.
 */
public final class WireDouble {

  private WireDouble() {}

  /** Writes a value. */
  public static void write(JsonGenerator out, double value) throws IOException {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      out.writeString(text(value));
    } else {
      out.writeNumber(value);
    }
  }

  /** The text of a value that is not finite. */
  public static String text(double value) {
    return Double.toString(value);
  }

  /**
   * Reads a text.
   *
   * @throws NumberFormatException when it is no number
   */
  public static double parse(String text) {
    return switch (text) {
      case "NaN", "nan" -> Double.NaN;
      case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> finite(text);
    };
  }

  private static double finite(String text) {
    char last = text.isEmpty() ? 'x' : text.charAt(text.length() - 1);
    // Java also reads "1d", "1f" and hexadecimal numbers, which no client means
    if (!(last == '.' || (last >= '0' && last <= '9'))
        || text.contains("x")
        || text.contains("X")) {
      throw new NumberFormatException("Cannot read number " + text);
    }
    return Double.parseDouble(text);
  }
}
