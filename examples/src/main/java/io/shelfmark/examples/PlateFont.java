package io.shelfmark.examples;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The typeface of plates: DejaVu Sans Bold from the class path where it is, else the machine's
 * sans-serif.
 */
final class PlateFont {

  private static final Logger log = LoggerFactory.getLogger(PlateFont.class);
  private static final String DEJAVU = "/net/sf/jasperreports/fonts/dejavu/DejaVuSans-Bold.ttf";

  private PlateFont() {}

  static Font load() {
    try (InputStream in = PlateFont.class.getResourceAsStream(DEJAVU)) {
      if (in != null) {
        return Font.createFont(Font.TRUETYPE_FONT, in);
      }
    } catch (IOException | FontFormatException e) {
      log.warn("Cannot use font {}: {}, expected a TrueType font", DEJAVU, e.getMessage());
    }
    return new Font(Font.SANS_SERIF, Font.BOLD, 1);
  }
}
