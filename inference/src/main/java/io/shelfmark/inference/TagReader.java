package io.shelfmark.inference;

import io.shelfmark.inference.PhotoTrace.Stage;
import io.shelfmark.inference.RecognizerBuilder.Scope;
import io.shelfmark.inference.detection.FieldDetector;
import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.detection.TagFields;
import io.shelfmark.inference.detection.TagOutlines;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.parsing.TagParser;
import io.shelfmark.inference.parsing.TextReadings;
import io.shelfmark.inference.text.TextLines;
import io.shelfmark.inference.text.TextRecognizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from a decoded photo to its tags: detect, refine outlines, find fields, read lines,
 * parse. Thread-safe as long as no two threads share a {@link Scratch}.
 */
final class TagReader {

  private static final int MOST_NAMES = 5;

  private final TagDetector tagDetector;
  private final FieldDetector fieldDetector;
  private final TextRecognizer textRecognizer;
  private final TagParser parser;
  private final CodeFinder codes;

  TagReader(
      TagDetector tagDetector,
      FieldDetector fieldDetector,
      TextRecognizer textRecognizer,
      TagParser parser,
      CodeFinder codes) {
    this.tagDetector = tagDetector;
    this.fieldDetector = fieldDetector;
    this.textRecognizer = textRecognizer;
    this.parser = parser;
    this.codes = codes;
  }

  /** What of a photo it looks at: in all but the tag detector that is gray. */
  PixelFormat format() {
    return tagDetector.format();
  }

  /**
   * Reads the tags of {@code photo}.
   *
   * @param inTime is run between the stages, and ends the reading by throwing
   */
  List<PriceTag> read(DecodedPhoto photo, Scratch scratch, Runnable inTime) {
    inTime.run();
    TagOutlines found = scratch.outlines();
    tagDetector.detect(photo, scratch.bytes(), found);
    scratch.trace().end(Stage.TAGS);
    List<PriceTag> tags = new ArrayList<>(found.size());
    for (int from = 0; from < found.size(); from += Scratch.TAGS) {
      inTime.run();
      int to = Math.min(found.size(), from + Scratch.TAGS);
      fieldDetector.detect(photo, found, from, to, scratch.bytes(), scratch.fields());
      scratch.trace().end(Stage.FIELDS);
      inTime.run();
      readTags(photo, from, to, scratch, tags);
    }
    ShelfOrder.sort(tags);
    scratch.trace().end(Stage.PARSE);
    return tags;
  }

  /** Reads the tags from index {@code from} to {@code to} of what was found, fields included. */
  private void readTags(
      DecodedPhoto photo, int from, int to, Scratch scratch, List<PriceTag> tags) {
    TagOutlines found = scratch.outlines();
    TagFields fields = scratch.fields();
    PhotoTrace trace = scratch.trace();
    TextLines lines = scratch.lines();
    lines.clear();
    double[] outline = new double[TagOutlines.NUMBERS];
    double[] refined = new double[TagOutlines.NUMBERS];
    Detection[] detections = new Detection[to - from];
    for (int i = 0; i < detections.length; i++) {
      found.corners(from + i, outline);
      found.corners(from + i, refined);
      photo.refine(refined);
      detections[i] = new Detection(TagOutlines.outline(refined), found.score(from + i));
      scratch.places().turn(outline, refined);
      addLines(scratch.places(), fields, i, lines);
    }
    trace.addLines(lines.size());
    trace.end(Stage.OUTLINES);
    TextReadings readings = scratch.readings();
    readings.clear(fields.size());
    textRecognizer.read(photo, lines, scratch.bytes(), readings);
    trace.end(Stage.TEXT);
    List<List<Recognized<Barcode>>> barcodes = scratch.barcodes();
    barcodes.clear();
    for (int i = 0; i < detections.length; i++) {
      found.corners(from + i, outline);
      barcodes.add(codes.find(photo, outline, fields, i));
    }
    trace.end(Stage.CODES);
    for (int i = 0; i < detections.length; i++) {
      tags.add(parser.parse(scratch.text().turn(i, barcodes.get(i)), detections[i]));
    }
    trace.end(Stage.PARSE);
  }

  private static void addLines(TagLines places, TagFields fields, int tag, TextLines lines) {
    for (int i = fields.start(tag); i < fields.end(tag); i++) {
      TextLines.Kind kind = textIn(fields.kind(i));
      if (kind != null) {
        places.add(fields, i, kind, lines);
      }
    }
  }

  /** The most fields of a kind that are read on one tag: more are noise. */
  static int most(FieldKind kind, Scope scope) {
    boolean ofPrice =
        kind == FieldKind.PRICE || kind == FieldKind.REGULAR_PRICE || kind == FieldKind.DISCOUNT;
    if (scope == Scope.PRICES && !ofPrice) {
      return 0;
    }
    return kind == FieldKind.NAME ? MOST_NAMES : 1;
  }

  private static TextLines.@Nullable Kind textIn(FieldKind kind) {
    return switch (kind) {
      case PRICE, REGULAR_PRICE -> TextLines.Kind.PRICE;
      case NAME -> TextLines.Kind.NAME;
      case DISCOUNT, UNIT, QUANTITY -> TextLines.Kind.TEXT;
      case CARD, BARCODE, QR -> null;
    };
  }
}
