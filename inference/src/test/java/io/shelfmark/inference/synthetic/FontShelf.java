package io.shelfmark.inference.synthetic;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The typefaces that tags are printed in, from font files in jars on the class path, never from the
 * machine. Thread-safe.
 *
 * @param bold heavy ones, for prices
 * @param plain regular ones, for names and small print
 * @param narrow condensed ones
 * @param mono typewriter ones, as label printers have
 * @param serif the ones with serifs, for packs
 */
record FontShelf(
    List<Typeface> bold,
    List<Typeface> plain,
    List<Typeface> narrow,
    List<Typeface> mono,
    List<Typeface> serif) {

  private static final String LIBERATION = "liberation/Liberation";
  private static final String DEJAVU = "net/sf/jasperreports/fonts/dejavu/DejaVu";
  private static final String ROBOTO =
      "META-INF/resources/webjars/roboto-fontface/0.10.0/fonts/roboto";
  private static final String OPEN_SANS =
      "META-INF/resources/webjars/npm-font-open-sans/1.1.0/fonts/";

  static FontShelf load() {
    Font fallback = font(DEJAVU + "Sans-Bold.ttf");
    Loader loader =
        path -> new FontTypeface(path.substring(path.lastIndexOf('/') + 1), font(path), fallback);
    Typeface arial = loader.load(LIBERATION + "Sans-Regular.ttf");
    Typeface arialBold = loader.load(LIBERATION + "Sans-Bold.ttf");
    Typeface roboto = loader.load(ROBOTO + "/Roboto-Regular.woff");
    Typeface robotoMedium = loader.load(ROBOTO + "/Roboto-Medium.woff");
    Typeface robotoBold = loader.load(ROBOTO + "/Roboto-Bold.woff");
    Typeface robotoBlack = loader.load(ROBOTO + "/Roboto-Black.woff");
    Typeface openSans = loader.load(OPEN_SANS + "Regular/OpenSans-Regular.ttf");
    Typeface openSemibold = loader.load(OPEN_SANS + "Semibold/OpenSans-Semibold.ttf");
    Typeface openBold = loader.load(OPEN_SANS + "Bold/OpenSans-Bold.ttf");
    Typeface openExtra = loader.load(OPEN_SANS + "ExtraBold/OpenSans-ExtraBold.ttf");
    Typeface dejavu = loader.load(DEJAVU + "Sans.ttf");
    Typeface dejavuBold = loader.load(DEJAVU + "Sans-Bold.ttf");
    Typeface dejavuNarrow = loader.load(DEJAVU + "SansCondensed.ttf");
    Typeface dejavuNarrowBold = loader.load(DEJAVU + "SansCondensed-Bold.ttf");
    Typeface condensed = loader.load(ROBOTO + "-condensed/Roboto-Condensed-Regular.woff");
    Typeface condensedBold = loader.load(ROBOTO + "-condensed/Roboto-Condensed-Bold.woff");
    Typeface arialNarrow = arial.shaped(0.8, 0);
    Typeface arialNarrowBold = arialBold.shaped(0.8, 0);
    return new FontShelf(
        List.of(
            arialBold,
            arialBold,
            robotoBold,
            robotoBlack,
            openBold,
            openExtra,
            openExtra.shaped(1.1, 0),
            dejavuBold.shaped(0.9, 0),
            robotoBlack.shaped(1.15, 0),
            arialBold.shaped(0.9, 0)),
        List.of(arial, arial, roboto, robotoMedium, openSans, openSemibold, dejavu, dejavuNarrow),
        List.of(
            condensed,
            condensedBold,
            dejavuNarrowBold,
            arialNarrow,
            arialNarrowBold,
            condensedBold.shaped(0.85, 0)),
        List.of(
            loader.load(LIBERATION + "Mono-Regular.ttf"),
            loader.load(LIBERATION + "Mono-Bold.ttf"),
            loader.load(DEJAVU + "SansMono.ttf"),
            loader.load(DEJAVU + "SansMono-Bold.ttf")),
        List.of(
            loader.load(LIBERATION + "Serif-Bold.ttf"),
            loader.load(DEJAVU + "Serif-Bold.ttf"),
            loader.load(ROBOTO + "-slab/Roboto-Slab-Bold.woff"),
            loader.load(ROBOTO + "-slab/Roboto-Slab-Regular.woff"),
            loader.load(LIBERATION + "Serif-BoldItalic.ttf")));
  }

  private static Font font(String path) {
    try (InputStream in = FontShelf.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(
            "Cannot load font %s: found nothing on the class path, expected the font jars (add the test-scoped font dependencies of shelfmark-inference)"
                .formatted(path));
      }
      byte[] file = in.readAllBytes();
      byte[] sfnt = Woff.recognizes(file) ? Woff.unpack(file) : file;
      return Font.createFont(Font.TRUETYPE_FONT, new ByteArrayInputStream(sfnt));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot load font " + path, unreadable);
    } catch (FontFormatException broken) {
      throw new IllegalStateException(
          "Cannot load font " + path + ": " + broken.getMessage(), broken);
    }
  }

  private interface Loader {
    Typeface load(String path);
  }
}
