package io.shelfmark.benchmarks;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.detection.TagOutlines;
import io.shelfmark.inference.evaluation.Evaluation;
import io.shelfmark.inference.evaluation.EvaluationPhoto;
import io.shelfmark.inference.evaluation.LabeledPhoto;
import io.shelfmark.inference.evaluation.LabeledTag;
import io.shelfmark.inference.evaluation.Labels;
import io.shelfmark.inference.evaluation.ProgressListener;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.model.OnnxModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How far are the corners of tags from the truth, as the detector gives them and as they are
 * refined?
 *
 * <p>Tags that are whole in the photo and found. Where tags are labelled with corners, those are
 * the truth; else {@code outlines.jsonl} beside the labels, whose upright boxes are compared with
 * the boxes around the outlines. Prints a Markdown table:
 *
 * <pre>
 * java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.OutlineAccuracy LABELS.jsonl...
 * </pre>
 */
public final class OutlineAccuracy {

  private final TagDetector detector;
  private final PhotoDecoder decoder = new PhotoDecoder(PhotoDecoder.DEFAULT_MAX_PIXELS, 1);
  private final ByteBuffer scratch =
      ByteBuffer.allocateDirect(TagDetector.INPUT_BYTES).order(ByteOrder.nativeOrder());

  private final TagOutlines tags = new TagOutlines();

  /** Distances of corners in percent of the true diagonal. */
  private final List<Double> detected = new ArrayList<>();

  private final List<Double> refined = new ArrayList<>();

  private OutlineAccuracy(OnnxModel model, PixelFormat format) {
    detector = new TagDetector(model, format, 0.3, 256);
  }

  /** Measures the labels of each file. */
  public static void main(String[] args) {
    System.out.println(
        """
        | labels | tags | detected: median | 90 % | mean | refined: median | 90 % | mean |
        |---|---|---|---|---|---|---|---|""");
    ModelSource source = ModelSource.bundled("tag-detector");
    PixelFormat format = TagDetector.format(source);
    try (OnnxModel model = OnnxModel.load(source)) {
      for (String file : args) {
        OutlineAccuracy accuracy = new OutlineAccuracy(model, format);
        Evaluation.of(accuracy::measure).run(Labels.read(Path.of(file)), ProgressListener.none());
        System.out.printf(
            "| %s | %d |%s%s%n",
            file, accuracy.detected.size() / 4, row(accuracy.detected), row(accuracy.refined));
        accuracy.decoder.close();
      }
    }
  }

  private static String row(List<Double> errors) {
    double[] sorted = errors.stream().mapToDouble(error -> error).sorted().toArray();
    double mean = errors.stream().mapToDouble(error -> error).average().orElse(0);
    return sorted.length == 0
        ? " | | |"
        : String.format(
            Locale.ROOT,
            " %.1f | %.1f | %.1f |",
            sorted[sorted.length / 2],
            sorted[sorted.length * 9 / 10],
            mean);
  }

  /** The reading is empty: the tags are not read, only found. */
  private ShelfReading measure(EvaluationPhoto photo) {
    try (DecodedPhoto decoded =
        decoder.decode(photo.labels().file(), photo.encoded(), detector.format())) {
      detector.detect(decoded, scratch, tags);
      List<Detection> found = IntStream.range(0, tags.size()).mapToObj(tags::detection).toList();
      for (Outline truth : truths(photo.labels(), decoded.width(), decoded.height())) {
        Point center = truth.box().center();
        found.stream()
            .filter(detection -> detection.outline().contains(center))
            .max(Comparator.comparingDouble(Detection::confidence))
            .ifPresent(detection -> compare(decoded, detection.outline(), truth));
      }
      return new ShelfReading(photo.labels().file(), decoded.width(), decoded.height(), List.of());
    }
  }

  private void compare(DecodedPhoto photo, Outline outline, Outline truth) {
    boolean upright = truth.equals(Outline.of(truth.box()));
    add(detected, outline, truth, upright);
    add(refined, photo.refined(outline), truth, upright);
  }

  private static void add(List<Double> errors, Outline outline, Outline truth, boolean upright) {
    List<Point> corners = (upright ? Outline.of(outline.box()) : outline).corners();
    double diagonal = truth.topLeft().distance(truth.bottomRight());
    for (int i = 0; i < 4; i++) {
      errors.add(100 * corners.get(i).distance(truth.corners().get(i)) / diagonal);
    }
  }

  private static List<Outline> truths(LabeledPhoto photo, int width, int height) {
    List<Outline> truths = new ArrayList<>();
    photo.tags().stream()
        .filter(LabeledTag::scored)
        .flatMap(tag -> tag.outline().stream())
        .forEach(truths::add);
    if (truths.isEmpty()) {
      photo.outlines().forEach(box -> truths.add(Outline.of(box)));
    }
    return truths.stream()
        .filter(OutlineAccuracy::isWhole)
        .map(outline -> scaled(outline, width, height))
        .toList();
  }

  private static boolean isWhole(Outline relative) {
    Box box = relative.box();
    return box.left() > 0 && box.top() > 0 && box.right() < 1 && box.bottom() < 1;
  }

  private static Outline scaled(Outline relative, int width, int height) {
    List<Point> corners =
        relative.corners().stream()
            .map(corner -> new Point(corner.x() * width, corner.y() * height))
            .toList();
    return new Outline(corners.get(0), corners.get(1), corners.get(2), corners.get(3));
  }
}
