package io.shelfmark.examples;

import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.ShelfReading;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * All readings on one page that needs no other file: a table that can be sorted, and every photo
 * with its tags drawn in. Rows and photos wait in two files beside it until the page is closed, so
 * that memory does not grow with photos. Not thread-safe.
 */
final class HtmlReport implements AutoCloseable {

  private static final int PHOTO_SIDE = 1400;
  private static final float PHOTO_QUALITY = 0.78f;
  private static final float CROP_QUALITY = 0.75f;
  private static final String COLUMNS =
      """
      <th scope="col">Tag</th>
      <th scope="col" aria-sort="none"><button type="button">Photo</button></th>
      <th scope="col" aria-sort="none" class="number"><button type="button">#</button></th>
      <th scope="col" aria-sort="none" class="number"><button type="button">Price</button></th>
      <th scope="col" aria-sort="none"><button type="button">Confidence</button></th>
      <th scope="col" aria-sort="none" class="number"><button type="button">Regular</button></th>
      <th scope="col" aria-sort="none"><button type="button">Discount</button></th>
      <th scope="col" aria-sort="none"><button type="button">Unit</button></th>
      <th scope="col" aria-sort="none"><button type="button">Condition</button></th>
      <th scope="col" aria-sort="none"><button type="button">Name</button></th>
      <th scope="col" aria-sort="none"><button type="button">Code</button></th>
      """;

  private final Path page;
  private final Path rowsFile;
  private final Path photosFile;
  private final Writer rows;
  private final Writer figures;
  private int photos;
  private int failed;
  private int tags;
  private int priced;

  HtmlReport(Path page) throws IOException {
    this.page = page;
    this.rowsFile = page.resolveSibling(page.getFileName() + ".rows.tmp");
    this.photosFile = page.resolveSibling(page.getFileName() + ".photos.tmp");
    this.rows = Files.newBufferedWriter(rowsFile);
    this.figures = Files.newBufferedWriter(photosFile);
  }

  /** Adds a photo: as it is, for the crops, and with its tags drawn in. */
  void reading(String file, ShelfReading reading, BufferedImage photo, BufferedImage annotated)
      throws IOException {
    photos++;
    int number = 1;
    for (PriceTag tag : reading.tags()) {
      tags++;
      priced += tag.price().isPresent() ? 1 : 0;
      row(file, number++, tag, photo);
    }
    figures
        .append(
            "<figure id=\"photo-%d\"><img loading=\"lazy\" alt=\"%s with %d tags drawn in\" src=\""
                .formatted(photos, escape(file), reading.tags().size()))
        .append(Pictures.dataUrl(Pictures.fit(annotated, PHOTO_SIDE), PHOTO_QUALITY))
        .append(
            "\"><figcaption>%s<br><span class=\"none\">%d × %d, %s</span></figcaption></figure>\n"
                .formatted(
                    escape(file), reading.width(), reading.height(), tags(reading.tags().size())));
  }

  /** Adds a photo that could not be read. */
  void failure(String file, String message) throws IOException {
    photos++;
    failed++;
    figures.append(
        "<figure id=\"photo-%d\"><figcaption><b>%s</b><br><span class=\"failed\">%s</span></figcaption></figure>\n"
            .formatted(photos, escape(file), escape(message)));
  }

  /** By its text: what a locale cannot spell is no path. */
  private static String lastPart(String file) {
    return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf(File.separator)) + 1);
  }

  private void row(String file, int number, PriceTag tag, BufferedImage photo) throws IOException {
    ConfidenceColor color = ConfidenceColor.of(tag);
    String crop = Pictures.dataUrl(Pictures.crop(photo, tag.detection().outline()), CROP_QUALITY);
    rows.append("<tr><td><img loading=\"lazy\" alt=\"tag %d\" src=\"".formatted(number))
        .append(crop)
        .append("\"></td><td class=\"file\" data-key=\"%s\">".formatted(escape(file)))
        .append(
            "<a href=\"#photo-%d\" title=\"%s\">%s</a></td>"
                .formatted(photos, escape(file), escape(lastPart(file))))
        .append("<td class=\"number\">%d</td>".formatted(number))
        .append(price("number price", tag.price()))
        .append(
            String.format(
                Locale.ROOT,
                "<td data-key=\"%.4f\"><span class=\"mark %s\">%s %s</span></td>",
                tag.confidence(),
                color.name().toLowerCase(Locale.ROOT),
                TagText.percent(tag.confidence()),
                color.word))
        .append(price("number", tag.regularPrice()))
        .append(cell(TagText.discount(tag)))
        .append(cell(TagText.unit(tag)))
        .append(cell(TagText.condition(tag)))
        .append("<td class=\"name\">%s</td>".formatted(escape(TagText.name(tag))))
        .append(cell(TagText.barcode(tag)))
        .append("</tr>\n");
  }

  private static String price(String style, Optional<Recognized<Price>> price) {
    String key = price.map(value -> value.value().amount().toPlainString()).orElse("");
    return "<td class=\"%s\" data-key=\"%s\">%s</td>"
        .formatted(style, key, escape(TagText.price(price)));
  }

  private static String cell(String text) {
    return "<td>" + escape(text) + "</td>";
  }

  private static String tags(int count) {
    return count + (count == 1 ? " tag" : " tags");
  }

  /** Puts the page together and removes the two files beside it. */
  @Override
  public void close() throws IOException {
    rows.close();
    figures.close();
    Path unfinished = page.resolveSibling(page.getFileName() + ".tmp");
    try (OutputStream out = Files.newOutputStream(unfinished)) {
      out.write(resource("report-head.html"));
      write(out, summary());
      if (tags > 0) {
        write(
            out,
            "<h2 id=\"tags\">Tags</h2>\n<div class=\"scroll\" role=\"region\" aria-labelledby=\"tags\" tabindex=\"0\"><table>\n<caption>Press a column's title to sort by it.</caption>\n<thead><tr>\n");
        write(out, COLUMNS + "</tr></thead>\n<tbody>\n");
        Files.copy(rowsFile, out);
        write(out, "</tbody></table></div>\n");
      }
      write(out, "<h2>Photos</h2>\n<div class=\"photos\">\n");
      Files.copy(photosFile, out);
      write(out, "</div>\n</main>\n");
      out.write(resource("report-tail.html"));
    }
    Files.move(unfinished, page, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.delete(rowsFile);
    Files.delete(photosFile);
  }

  private String summary() {
    String failures =
        failed == 0 ? "" : ", <span class=\"failed\">%d could not be read</span>".formatted(failed);
    return "<main>\n<h1>Shelf readings</h1>\n<p class=\"summary\">%d %s%s; %s, %d with a price.</p>\n"
        .formatted(photos, photos == 1 ? "photo" : "photos", failures, tags(tags), priced);
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
