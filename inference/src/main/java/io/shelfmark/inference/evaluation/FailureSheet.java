package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * The mistakes of an evaluation as one HTML page with pictures inside; what was found is outlined.
 */
final class FailureSheet {

  private static final int CROP = 360;
  private static final double MARGIN = 0.1;
  private static final Color FOUND = new Color(0x00, 0xC8, 0x50);
  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Failures</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>
      :root { color-scheme: light dark; }
      body { font: 14px/1.4 system-ui, sans-serif; margin: 1.5rem; }
      main { display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 1rem; }
      figure { margin: 0; border: 1px solid #8886; border-radius: 6px; padding: .6rem; }
      img { max-width: 100%; height: auto; display: block; }
      figcaption { margin-top: .4rem; overflow-wrap: anywhere; }
      small { opacity: .75; }
      </style></head><body>
      """;

  private FailureSheet() {}

  static String of(EvaluationReport report) throws IOException {
    List<Failure> failures = Failure.in(report);
    StringBuilder html = new StringBuilder(HEAD);
    html.append("<h1>").append(failures.size()).append(" failures</h1>\n<main>\n");
    for (Failure failure : failures) {
      html.append(figure(failure));
    }
    return html.append("</main></body></html>\n").toString();
  }

  private static String figure(Failure failure) throws IOException {
    String title = escape(failure.photo().file());
    String confidence =
        failure.confidence().map(value -> String.format(Locale.ROOT, " · %.3f", value)).orElse("");
    String mistakes =
        failure.mistakes().stream()
            .map(
                mistake ->
                    "%s: <b>%s</b>, read <b>%s</b>"
                        .formatted(
                            mistake.field(), escape(mistake.truth()), escape(mistake.read())))
            .collect(Collectors.joining("<br>"));
    return "<figure>%s<figcaption>%s<br><small>%s%s</small></figcaption></figure>%n"
        .formatted(image(failure, title), mistakes, title, confidence);
  }

  private static String image(Failure failure, String title) throws IOException {
    if (failure.area().isEmpty()) {
      return "";
    }
    BufferedImage crop =
        crop(NaturalPhoto.pixels(failure.photo()), failure.area().get(), failure.outline());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(crop, "jpg", bytes);
    return "<img alt=\"tag in %s\" src=\"data:image/jpeg;base64,%s\">"
        .formatted(title, Base64.getEncoder().encodeToString(bytes.toByteArray()));
  }

  private static BufferedImage crop(BufferedImage photo, Box area, Optional<Outline> outline) {
    double marginX = MARGIN * area.width();
    double marginY = MARGIN * area.height();
    double x = Math.max(0, Math.min(1, area.left() - marginX)) * photo.getWidth();
    double y = Math.max(0, Math.min(1, area.top() - marginY)) * photo.getHeight();
    double width = Math.max(8, Math.min(1, area.right() + marginX) * photo.getWidth() - x);
    double height = Math.max(8, Math.min(1, area.bottom() + marginY) * photo.getHeight() - y);
    double scale = CROP / Math.max(width, height);
    BufferedImage crop =
        new BufferedImage(
            (int) Math.max(1, width * scale),
            (int) Math.max(1, height * scale),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = crop.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.scale(scale, scale);
    graphics.translate(-x, -y);
    graphics.drawImage(photo, 0, 0, null);
    graphics.setColor(FOUND);
    graphics.setStroke(new BasicStroke((float) (1.5 / scale)));
    outline.map(FailureSheet::path).ifPresent(graphics::draw);
    graphics.dispose();
    return crop;
  }

  private static Path2D path(Outline outline) {
    Path2D path = new Path2D.Double();
    path.moveTo(outline.topLeft().x(), outline.topLeft().y());
    for (Point corner : outline.corners().subList(1, 4)) {
      path.lineTo(corner.x(), corner.y());
    }
    path.closePath();
    return path;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
