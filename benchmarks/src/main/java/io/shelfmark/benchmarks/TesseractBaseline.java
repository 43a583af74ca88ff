package io.shelfmark.benchmarks;

import io.shelfmark.benchmarks.Tesseract.Word;
import io.shelfmark.benchmarks.TesseractPrices.Found;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.evaluation.Evaluation;
import io.shelfmark.inference.evaluation.EvaluationPhoto;
import io.shelfmark.inference.evaluation.EvaluationReport;
import io.shelfmark.inference.evaluation.LabeledTag;
import io.shelfmark.inference.evaluation.Labels;
import io.shelfmark.inference.evaluation.PhotoReader;
import io.shelfmark.inference.evaluation.ProgressListener;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * How well does Tesseract read the same photos, by the same rules? Once with the whole photo, as
 * Shelfmark gets it, and once with a great favor: it is shown exactly the boxes of price, regular
 * price and name, enlarged to the size it likes. Condition, unit and discount are taken from any
 * word near the price.
 *
 * <p>Needs the {@code tesseract} program with {@code rus} and {@code eng}. Run {@code java -cp
 * benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.TesseractBaseline LABELS.jsonl
 * EXTRA.jsonl [FOLDER FOR JSON]}.
 */
public final class TesseractBaseline {

  private static final double MARGIN = 0.08;
  private static final int TEXT_HEIGHT = 64;
  private static final int LEAST_PRICE_HEIGHT = 12;
  private static final int TERMS_LINES = 12;

  private TesseractBaseline() {}

  /** Scores both ways and prints both tables. */
  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      System.err.println("Usage: TesseractBaseline LABELS.jsonl EXTRA.jsonl [FOLDER FOR JSON]");
      System.exit(2);
    }
    Labels labels = Labels.read(Path.of(args[0])).with(Path.of(args[1]));
    score("tesseract-whole-photo", TesseractBaseline::wholePhoto, labels, args);
    score("tesseract-given-boxes", TesseractBaseline::givenBoxes, labels, args);
  }

  private static void score(String name, PhotoReader reader, Labels labels, String[] args)
      throws IOException {
    EvaluationReport report = Evaluation.of(reader).run(labels, ProgressListener.none());
    System.out.printf("%s%n%s%n", name, report.table());
    if (args.length > 2) {
      report.writeJson(Path.of(args[2]).resolve(name + ".json"));
    }
  }

  /** Every number that can be a price is a tag of the size of that number. */
  static ShelfReading wholePhoto(EvaluationPhoto photo) {
    BufferedImage image = decode(photo);
    List<PriceTag> tags = new ArrayList<>();
    List<Word> words = Tesseract.words(image, Tesseract.SPARSE);
    for (Found found : TesseractPrices.in(words)) {
      if (found.bottom() - found.top() >= LEAST_PRICE_HEIGHT) {
        Box box = new Box(found.left(), found.top(), found.right(), found.bottom());
        PriceTag.Builder tag =
            PriceTag.builder(new Detection(Outline.of(box), found.price().confidence()))
                .price(found.price());
        Box around = around(box);
        TesseractTerms.read(words.stream().filter(word -> liesIn(word, around)).toList(), tag);
        tags.add(tag.build());
      }
    }
    return new ShelfReading(photo.labels().file(), image.getWidth(), image.getHeight(), tags);
  }

  private static ShelfReading givenBoxes(EvaluationPhoto photo) {
    BufferedImage image = decode(photo);
    List<PriceTag> tags = new ArrayList<>();
    for (LabeledTag label : photo.labels().tags()) {
      if (label.priceBox().isEmpty()) {
        continue;
      }
      Box box = scaled(label.priceBox().get(), image);
      PriceTag.Builder tag = PriceTag.builder(new Detection(Outline.of(box), 1));
      price(image, box).ifPresent(found -> tag.price(found.price()));
      label
          .regularBox()
          .flatMap(regular -> price(image, scaled(regular, image)))
          .ifPresent(found -> tag.regularPrice(found.price()));
      label
          .nameBox()
          .map(name -> Tesseract.words(crop(image, scaled(name, image), 2), Tesseract.BLOCK))
          .filter(words -> !words.isEmpty())
          .ifPresent(words -> tag.name(name(words)));
      TesseractTerms.read(
          Tesseract.words(crop(image, around(box), TERMS_LINES), Tesseract.SPARSE), tag);
      tags.add(tag.build());
    }
    return new ShelfReading(photo.labels().file(), image.getWidth(), image.getHeight(), tags);
  }

  /** What is printed near a price: as far as its height above and below, twice that beside it. */
  private static Box around(Box price) {
    double height = price.height();
    return new Box(
        price.left() - 2 * height,
        price.top() - height,
        price.right() + 2 * height,
        price.bottom() + height);
  }

  private static boolean liesIn(Word word, Box box) {
    double x = word.left() + word.width() / 2.0;
    double y = word.top() + word.height() / 2.0;
    return x > box.left() && x < box.right() && y > box.top() && y < box.bottom();
  }

  private static Optional<Found> price(BufferedImage image, Box box) {
    return TesseractPrices.in(Tesseract.words(crop(image, box, 1), Tesseract.LINE)).stream()
        .max(Comparator.comparingInt(found -> found.right() - found.left()));
  }

  private static Recognized<String> name(List<Word> words) {
    return new Recognized<>(
        words.stream().map(Word::text).collect(Collectors.joining(" ")),
        words.stream().mapToDouble(Word::confidence).average().orElse(0));
  }

  private static Box scaled(Box relative, BufferedImage image) {
    return new Box(
        relative.left() * image.getWidth(),
        relative.top() * image.getHeight(),
        relative.right() * image.getWidth(),
        relative.bottom() * image.getHeight());
  }

  /**
   * The box with a margin, so large that each of its lines is as high as Tesseract is trained on.
   */
  private static BufferedImage crop(BufferedImage image, Box box, int lines) {
    double margin = MARGIN * box.height();
    double x = box.left() - margin;
    double y = box.top() - margin;
    double width = box.width() + 2 * margin;
    double height = box.height() + 2 * margin;
    double scale = Math.max(1, TEXT_HEIGHT * lines / height);
    BufferedImage crop =
        new BufferedImage(
            (int) Math.ceil(width * scale),
            (int) Math.ceil(height * scale),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = crop.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.scale(scale, scale);
    graphics.translate(-x, -y);
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    return crop;
  }

  private static BufferedImage decode(EvaluationPhoto photo) {
    try {
      return ImageIO.read(new ByteArrayInputStream(photo.encoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
